#!/usr/bin/env bash
# A results file holds all that is needed to make it again.
. "$(dirname "$0")/common.sh"

mkdir study && cat > study/study.toml <<'TOML'
[study]
name = "first"
days = 14
seed = 5
[population]
individuals = 500
cohort = "people.csv"
[[population.column]]
column = "x"
factor = "optimism"
[[arm]]
name = "frozen"
set = { "reinforcement.active" = false }
[replay]
file = "events.csv"
[output]
individuals = true
[traces]
first = 2
every_min = 0
TOML
{ echo x; seq 1 40; } > study/people.csv
printf 'individual,day,time,class,severity\n3,2,08:00,demand,1\n' > study/events.csv

same() {
  local file
  for file in results.nc individuals.h5 study.toml; do cmp "$1/$file" "$2/$file" || return 1; done
}

check "run" exits 0 "$eustress" run study/study.toml -o study/first --set hpa.stress_gain=2.5
check "rerun, tables above the file" exits 0 "$eustress" rerun study/first/results.nc -o again
check "it says that it is the same" says "'again/results.nc' has the same bytes as 'study/first/results.nc'"
check "indeed" same study/first again
check "the traces too" cmp study/first/traces.nc again/traces.nc
check "of a directory, on ranks, elsewhere" exits 0 mpirun -n 2 "$eustress" rerun study/first -o ranks --threads 1 --directory study
check "the same bytes again" same study/first ranks
check "of the file of persons" exits 0 "$eustress" rerun study/first/individuals.h5 -o persons
check "the same bytes of it" same study/first persons
check "with other traces" exits 0 "$eustress" rerun study/first -o traced --set traces.first=3
check "the numbers are the same" says "'traced/results.nc' has the same numbers as 'study/first/results.nc'"
check "and three are traced" bash -c '"$0" info traced/traces.nc | grep -q "individual 3"' "$eustress"
check "a stop" exits 85 "$eustress" rerun study/first -o stops --max-walltime 1s
check "goes on" exits 0 "$eustress" rerun study/first -o stops
check "to the same bytes" same study/first stops

# Tables that are not what they were.
mkdir -p moved/first && cp study/first/results.nc moved/first
check "no tables" exits 3 "$eustress" rerun moved/first/results.nc -o no
check "each is told with its hash" says "population.cohort = \"people.csv\" with the sha256 [0-9a-f]{64}: 'moved/people.csv' is not there"
check "all at once" says "replay.file = \"events.csv\" with the sha256 [0-9a-f]{64}: 'moved/events.csv' is not there"
cp study/*.csv moved && echo 41 >> moved/people.csv
check "another table" exits 3 "$eustress" rerun moved/first/results.nc -o no
hash=$(sha256sum moved/people.csv | cut -d' ' -f1)
check "is told with its own hash" says "'moved/people.csv' has the sha256 $hash"
check "and the remedy" says "say with --directory from where these paths start"
check "a directory that is wrong" exits 3 "$eustress" rerun study/first -o no --directory moved
check "tables are found where one says" exits 0 "$eustress" rerun moved/first/results.nc -o moved/again --directory study --quiet
check "the same bytes too" same study/first moved/again

# What cannot be.
check "a changed study" exits 2 "$eustress" rerun study/first -o no --set study.seed=6 --set hpa.stress_gain=1
check "names the seed" says "study.seed: 5 -> 6"
check "and the parameter" says "hpa.stress_gain: 2.5 -> 1"
check "over itself" exits 2 "$eustress" rerun study/first -o study/first --force
check "which is still there" test -s study/first/results.nc
check "without a place" exits 2 "$eustress" rerun study/first
check "of nothing" exits 3 "$eustress" rerun nowhere -o no
check "of a study" exits 3 "$eustress" rerun study/study.toml -o no
check "parent" exits 0 "$eustress" run study/study.toml -o study/parent --set checkpoint.every_days=7 --set checkpoint.keep_after_run=true
check "branch" exits 0 "$eustress" run --from study/parent/checkpoints/day-000007.h5 -o study/branch --set hpa.stress_gain=3
check "of a branch" exits 2 "$eustress" rerun study/branch -o no
check "it names the origin" says "checkpoint [0-9a-f]{16} after day 7"
check "nothing was made" [ ! -e no ]

# Replicates: all in one job; of a job array each by itself.
check "replicates" exits 0 "$eustress" run study/study.toml -o study/both --set study.replicates=2 --quiet
check "of replicates" exits 0 "$eustress" rerun study/both -o both
check "the same merged bytes" cmp study/both/results.nc both/results.nc
check "other seed" exits 0 "$eustress" run study/study.toml -o study/other --set study.seed=9 --set hpa.stress_gain=2.5
check "merged" exits 0 "$eustress" merge study/first study/other -o merged
check "of runs that no study makes" exits 2 "$eustress" rerun merged -o no
check "is told what to do" says "rerun each of them"
finish
