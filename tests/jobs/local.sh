#!/usr/bin/env bash
# The job scripts that need no batch system, for real: a long study in stretches and stopped by a signal,
# variants, scaling. The syntax of all of them.
#   bash tests/jobs/local.sh EUSTRESS PROJECT
# shellcheck disable=SC2317 # functions that check calls
# shellcheck source=tests/app/common.sh
. "$(dirname "$0")/../app/common.sh"

for script in "$project"/jobs/*.sh "$project"/jobs/*/*.sh; do
  check "syntax of $script" bash -n "$script"
done

cat >study.toml <<'TOML'
[study]
name = "local"
days = 60
seed = 7
[population]
individuals = 2000
[output]
individuals = true
TOML
cat >variants.txt <<'TEXT'
# name    options

replicate --set study.replicate=3
frozen    --set reinforcement.active=false --set study.days=40   # short
TEXT
export EUSTRESS=$eustress STUDY=$scratch/study.toml RANKS=2 THREADS=1

# job NAME SCRIPT ARGUMENT...: from the root of the repository, results in NAME, log in NAME.log.
job() {
  local name=$1 script=$2
  shift 2
  (cd "$project" && OUTPUT=$scratch/$name bash "jobs/$script" "$@") >"$name.log" 2>&1
}
equal() { cmp "$1/results.nc" "$2/results.nc" && cmp "$1/individuals.h5" "$2/individuals.h5"; }
straight() {
  local name=$1
  shift
  check "straight run $name" "$eustress" run study.toml -o "straight/$name" --quiet --threads 2 "$@"
}

straight short
check "one stretch" job once local/study.sh
check "one stretch is equal" equal straight/short once

check "two variants" [ "$(bash "$project/jobs/variants.sh" variants.txt count)" -eq 2 ]
check "variants" job variants variants.sh "$scratch/variants.txt" each bash jobs/local/study.sh
straight replicate --set study.replicate=3
straight frozen --set reinforcement.active=false --set study.days=40
check "replicate is equal" equal straight/replicate variants/replicate
check "frozen is equal" equal straight/frozen variants/frozen
job none variants.sh "$scratch/variants.txt" run 3 true
check "no third variant" [ $? -eq 2 ]

INDIVIDUALS=1000 job weak scaling.sh weak 3 1 mpirun --bind-to none -n
check "weak scaling" [ "$(cut -d, -f1-4 weak/scaling.csv | tail -n +2 | xargs)" = \
  "weak,1,1,1000 weak,2,1,2000 weak,3,1,3000" ]
cat weak/scaling.csv

# The exit code of the program is that of the script.
STUDY=missing.toml job missing local/study.sh
check "exit code of a missing study" [ $? -eq 2 ]

# About 12 seconds, on a machine of any speed.
seconds=$(sed -nE 's/^  "wall_s": ([0-9.]+).*/\1/p' straight/short/log.json)
days=$(awk -v s="$seconds" 'BEGIN { print int(60 * 12 / s) }')
long=(--set "study.days=$days")
straight long "${long[@]}"
OPTIONS="${long[*]} --set checkpoint.every_days=$((days / 12))"
export OPTIONS

MAX_WALLTIME=5s job stretches local/study.sh
check "stretches: done" [ $? -eq 0 ]
grep -h "== exit code" stretches.log
check "stretches: at least one ended with 85" grep -q "== exit code 85" stretches.log
check "stretches are equal" equal straight/long stretches

OUTPUT=$scratch/stopped bash "$project/jobs/local/study.sh" >stopped.log 2>&1 &
script=$!
for _ in $(seq 300); do
  [ -z "$(ls -A stopped/checkpoints 2>/dev/null)" ] || break
  sleep 0.1
done
kill -TERM "$script"
wait "$script"
check "stopped by SIGTERM: exit code 85" [ $? -eq 85 ]
check "stopped: no results yet" [ ! -e stopped/results.nc ]
check "the same command again" job stopped local/study.sh
check "stopped and resumed is equal" equal straight/long stopped
finish
