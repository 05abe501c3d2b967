#!/usr/bin/env bash
# Bad input gets a clear message and the documented exit code, and leaves nothing behind.
. "$(dirname "$0")/common.sh"

minimal='[study]
name = "s"
days = 3
[population]
individuals = 10'

# refuses CODE PATTERN ARGUMENTS...: the exit code, a pattern of the message, and no results.
refuses() {
  local code=$1 pattern=$2
  shift 2
  "$eustress" "$@" -o out >output 2>message
  local status=$?
  if [ "$status" -ne "$code" ]; then echo "exit code $status, not $code"; cat message; return 1; fi
  if ! grep -qE -- "$pattern" message; then echo "no '$pattern' in:"; cat message; return 1; fi
  if [ -e out ]; then echo "left something behind:"; ls -la out; rm -rf out; return 1; fi
}
study() { printf '%s\n' "$@" > study.toml; }
refused() {  # refused CODE PATTERN LINES...
  local code=$1 pattern=$2
  shift 2
  study "$@"
  check "$pattern" refuses "$code" "$pattern" run study.toml --quiet
}

refused 2 "study.toml:6:2: .*hypa.*Did you mean" "$minimal" "[hypa]" "stress_gain = 1.0"
refused 2 "study.toml:7:1: .*stres_gain.*Did you mean" "$minimal" "[hpa]" "stres_gain = 1.0"
refused 2 "study.toml:7:15: " "$minimal" "[hpa]" "stress_gain = \"much\""
refused 2 "study.toml:7:15: .*1000" "$minimal" "[hpa]" "stress_gain = 1000.0"
refused 2 "study.toml:3:8: .*0" '[study]' 'name = "s"' 'days = 0' '[population]' 'individuals = 10'
refused 2 "study.toml:5:15: .*0" '[study]' 'name = "s"' 'days = 3' '[population]' 'individuals = 0'
refused 2 "study.toml:5:15: .*1099511627776" '[study]' 'name = "s"' 'days = 3' '[population]' \
  'individuals = 1099511627776'
refused 2 "study.toml:1:" '[study'
study "$minimal" "[hpa]" "stress_gain = -1.0" "acth_half_life_min = 1e9"
check "two errors at once" refuses 2 "study.toml:7:.*|study.toml:8:" run study.toml
check "both are shown" [ "$(grep -c '^.*study.toml:[78]:.*error' message)" -eq 2 ]
check "missing study" refuses 2 "nowhere.toml" run nowhere.toml
check "a directory as study" refuses 2 "directory" run "$scratch"
# The superuser may look everywhere and becomes nobody, who may not look into this.
mkdir closed && cp study.toml closed && chmod 000 closed && chmod 711 "$scratch"
nobody=()
[ "$(id -u)" -ne 0 ] || nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
if "${nobody[@]}" test -x "$eustress"; then
  "${nobody[@]}" "$eustress" run closed/study.toml -o "$scratch/out" 2>message
  check "a study that may not be looked at" [ $? -eq 2 ]
  check "is named" grep -q "closed/study.toml" message
  "${nobody[@]}" "$eustress" resume closed 2>message
  check "a run that may not be looked at" [ $? -eq 3 ]
  check "is named too" grep -q "closed.*Permission denied" message
fi
chmod 700 closed
check "unknown verb" bash -c '! "$0" fly >/dev/null 2>&1' "$eustress"
check "misspelt verb" refuses 2 "there is no command 'rum'. Did you mean 'run'" rum study.toml
check "unknown option" refuses 2 "wings" run study.toml --wings
check "misspelt option" refuses 2 "run: there is no option '--thraeds'. Did you mean '--threads'" run study.toml --thraeds 3
check "misspelt option that is required" exits 2 "$eustress" sweep design.toml --ouput out
check "is named, not what is missing" says "no option '--ouput'. Did you mean '--output'"
check "option before the verb" exits 2 "$eustress" --threads 3 run study.toml
check "is told so" says "no option '--threads' before the command"
study "$minimal"
check "bad --set" refuses 2 "study.dais" run study.toml --set study.dais=3
check "no threads" refuses 2 "threads" run study.toml --threads 0

with_table() { study "$minimal" 'cohort = "people.csv"' '[[population.column]]' 'column = "x"' 'factor = "optimism"'; }
with_table
check "missing table" refuses 3 "study.toml:6:10: error: cohort = \"people.csv\": 'people.csv' cannot be opened: No such file or directory \(paths start at the study file\)" run study.toml
check "of --set" refuses 3 "--set 1: error: cohort = \"gone.csv\": " run study.toml --set population.cohort=gone.csv
check "a directory as table" refuses 3 "--set 2: error: cohort = .*: '$scratch' is a directory" run study.toml --set study.days=2 --set population.cohort="$scratch"
: > people.csv
check "empty table" refuses 3 "people.csv" run study.toml
echo "x,y" > people.csv
check "empty cohort" refuses 3 "people.csv" run study.toml
printf 'x,y\n1,2\nmany,3\n2,2\n' > people.csv
check "non-numeric cell" refuses 3 "people.csv:3:x.*many" run study.toml
printf 'y,z\n1,2\n2,2\n' > people.csv
check "missing column" refuses 3 "people.csv:1: no column 'x' in the header \(asked for at study.toml:8:10\). There are: 'y', 'z'" run study.toml
check "missing ids" refuses 3 "people.csv:1: no column 'who' in the header \(asked for at --set 1\)" run study.toml --set population.id_column=who
printf 'who,x\na,1\nb,2\na,3\n' > people.csv
study "$minimal" 'cohort = "people.csv"' 'id_column = "who"' '[[population.column]]' 'column = "x"' \
  'factor = "optimism"'
check "duplicate ids" refuses 3 "people.csv:4" run study.toml

# Groups are known when the table is read.
printf 'x,team\n1,1\n2,2\n3,1\n' > people.csv
study "$minimal" 'cohort = "people.csv"' '[[population.column]]' 'column = "x"' 'factor = "optimism"' \
  '[[population.column]]' 'column = "team"' 'covariate = "group"' '[output]' 'strata = ["group"]' \
  '[[arm]]' 'name = "a"' '[[regime]]' 'name = "r"' 'start_day = 0' 'end_day = 2' 'stratum = "group_3"' \
  '[[intervention]]' 'name = "i"' 'kind = "sleep"' 'start_day = 0' 'end_day = 2' 'target = "stratum"' 'stratum = "group_4"'
check "strata that no group has" refuses 2 "study.toml: 2 errors" run study.toml
check "of a regime" grep -qE 'study.toml:21:11: error: there is no stratum "group_3" in the cohort' message
check "of an intervention" grep -qE 'study.toml:28:11: error: there is no stratum "group_4" in the cohort' message
printf 'x,y\n1,2\nmany,3\n2,2\n' > people.csv
printf 'individual,day,time,class,severity\n99,1,08:00,demand,1\n' > events.csv
printf ',optimism\noptimism,2\n' > r.csv
study "$minimal" 'cohort = "people.csv"' 'correlations = "r.csv"' '[[population.column]]' 'column = "x"' 'factor = "optimism"' \
  '[replay]' 'file = "events.csv"'
check "three tables with mistakes" refuses 3 "people.csv:3:x.*many" run study.toml
check "the second one" grep -q "r.csv: the correlation of optimism with itself is 2; the diagonal must be 1" message
check "the third one" grep -q "events.csv:2:individual: '99' is no individual of the cohort; legal are whole numbers from 0 to 9" message

study "$minimal" 'cohort = "no/people.csv"' 'correlations = "no/r.csv"' '[[population.column]]' 'column = "x"' \
  'factor = "optimism"' '[replay]' "file = \"$scratch/no/events.csv\""
check "three tables that are missing" refuses 3 "study.toml:6:10: error: cohort" run study.toml
check "the second of them" grep -q "study.toml:7:16: error: correlations = \"no/r.csv\": 'no/r.csv' cannot be opened" message
check "the third of them" grep -q "study.toml:12:8: error: file = .*: '$scratch/no/events.csv' cannot be opened: No such file or directory$" message

with_matrix() { study "$minimal" 'correlations = "r.csv"'; }
with_matrix
printf ',optimism,self_efficacy\noptimism,1,0.5\nself_efficacy,0.4,1\n' > r.csv
check "matrix not symmetric" refuses 3 "r.csv.*(optimism|self_efficacy)" run study.toml
printf ',optimism,self_efficacy,emotional_stability\noptimism,1,0.9,-0.9\nself_efficacy,0.9,1,0.9\nemotional_stability,-0.9,0.9,1\n' > r.csv
"$eustress" run study.toml -o projected --quiet 2>message
check "matrix not PSD is projected" [ $? -eq 0 ]
check "with the distance in a warning" grep -qE "warning: .*r.csv.*distance of [0-9.]+" message

# Interventions, probes, regimes that cannot be: all of it at once, with place, key, value and what is legal.
cat > cannot.toml <<'TOML'
[study]
name = "cannot"
days = 30
[population]
individuals = 200
[output]
strata = ["sex"]
[[arm]]
name = "treated"
[[intervention]]
name = "one"
kind = "coping_training"
arms = ["treatd", "zebra"]
start_day = 2
end_day = 40
target = "factor_low"
factor = "optimsm"
quantile = 0.2
[[intervention]]
name = "two"
kind = "propranolol"
start_day = 2
end_day = 10
time = "10:00"
duration_min = 60
target = "stratum"
stratum = "sex_2"
[[intervention]]
name = "three"
kind = "propranolol"
start_day = 5
end_day = 12
time = "10:30"
duration_min = 60
[[intervention]]
name = "four"
kind = "inoculaton"
start_day = 12
end_day = 5
[[intervention]]
name = "five"
kind = "exercise"
start_day = 5
end_day = 6
target = "risk"
quantile = 0.5
weights = { optimism = 1, resolve = 2 }
[[probe]]
name = "late"
kind = "tsst"
day = 30
[[probe]]
name = "many"
kind = "rest"
day = 25
samples_min = [0, 30]
time = "07:03"
every_days = 3
repeats = 4
[[regime]]
name = "beyond"
start_day = 31
end_day = 40
stratum = "men"
TOML
check "a study that cannot be" refuses 2 "cannot.toml: 15 errors" run cannot.toml
cp message cannot.txt
told() { check "$1" grep -qE -- "$1" cannot.txt; }
told 'cannot.toml:13:9: error: unknown arm "treatd". Did you mean .treated.'
told 'cannot.toml:13:19: error: unknown arm "zebra". There are: reference, treated'
told 'cannot.toml:15:11: error: end_day = 40 is after the end of the run; legal is 1 to 30'
told 'cannot.toml:17:10: error: factor = "optimsm" is not one of "social_support".* Did you mean .optimism.'
told 'cannot.toml:27:11: error: unknown stratum "sex_2"'
told "cannot.toml:28:1: error: arm 'treated' already has propranolol at these times, at cannot.toml:19:1: days 2 to 9 from 10:00 to 11:00; 'three' has days 5 to 11 from 10:30 to 11:30. Legal are other days, or other hours"
told 'cannot.toml:37:8: error: kind = "inoculaton" is not one of .* Did you mean .inoculation.'
told 'cannot.toml:39:11: error: end_day = 5 is not after start_day = 12'
told "cannot.toml:47:27: error: unknown name 'resolve' in weights. Legal are: social_support, .*early_adversity"
told 'cannot.toml:51:7: error: day = 30 is after the end of the run; legal is 0 to 29'
told 'cannot.toml:57:8: error: time = 07:03 is not on the step grid; legal are multiples of dt_min = 5'
told 'cannot.toml:59:11: error: repeats = 4 puts the last probe on day 34, .* at most 2 fit'
told 'cannot.toml:62:13: error: start_day = 31 is after the end of the run; legal is 0 to 29'
told 'cannot.toml:63:11: error: end_day = 40 is after the end of the run'
told 'cannot.toml:64:11: error: unknown stratum "men". There are: all, sex_0, sex_1'

# What concerns nobody is told with counts and places.
cat > nobody.toml <<'TOML'
[study]
name = "nobody"
days = 30
[population]
individuals = 200
share_female = 1
[output]
strata = ["sex"]
[[arm]]
name = "treated"
[[intervention]]
name = "men"
kind = "coping_training"
start_day = 2
end_day = 10
target = "stratum"
stratum = "sex_0"
[[intervention]]
name = "none"
kind = "exercise"
start_day = 2
end_day = 10
target = "fraction"
fraction = 0
[[regime]]
name = "males"
start_day = 2
end_day = 5
sex = 0
TOML
check "a study of nobody" exits 0 "$eustress" check nobody.toml
check "an empty stratum" says "^nobody.toml:16:10: warning: intervention 'men' targets 0 of 200 people"
check "an empty share" says "^nobody.toml:23:10: warning: intervention 'none' targets 0 of 200 people"
check "an empty regime" says "^nobody.toml:29:7: warning: regime 'males' concerns 0 of 200 people"
check "a share by --set" exits 0 "$eustress" check nobody.toml --set intervention.none.fraction=0.5 --set regime.males.sex=1
check "somebody is told of no more" bash -c '! grep -q "none\|males" message.txt'

study "$minimal"
check "a first run" "$eustress" run study.toml -o taken --quiet
before=$(sha256sum taken/results.nc)
"$eustress" run study.toml -o taken --quiet 2>message
check "an existing directory is refused" [ $? -eq 2 ]
check "with the remedy" grep -q -- "--force" message
check "and left as it was" [ "$before" = "$(sha256sum taken/results.nc)" ]
check "--force replaces it" "$eustress" run study.toml -o taken --quiet --force
"$eustress" run study.toml -o /proc/results --quiet 2>message
check "a directory that cannot be made" [ $? -eq 4 ]
check "is named" grep -q "/proc/results" message
# A file size limit stands for a full disk: the write fails in the middle.
bash -c 'ulimit -f 8; exec "$0" run study.toml -o small --quiet' "$eustress" 2>message
check "a full disk" [ $? -eq 4 ]
check "leaves no results" [ ! -e small/results.nc ]
check "init does not overwrite" bash -c 'echo mine > mine.toml; ! "$0" init mine.toml 2>/dev/null && grep -q mine mine.toml' "$eustress"
printf 'not a result' > broken.nc
"$eustress" info broken.nc 2>message
check "info of a broken file" [ $? -eq 3 ]
study "$minimal" "[output]" "individuals = true"
check "a run with individuals" "$eustress" run study.toml -o people --quiet
check "info of its file" bash -c '"$0" info people/individuals.h5 >/dev/null' "$eustress"
/usr/bin/python3 - <<'PYTHON'
import h5py
with h5py.File("people/individuals.h5") as file:
    place = file["final_symptoms"].id.get_offset()
with open("people/individuals.h5", "r+b") as file:
    file.seek(place)
    byte = file.read(1)[0]
    file.seek(place)
    file.write(bytes([byte ^ 1]))
PYTHON
"$eustress" info people/individuals.h5 >/dev/null 2>message
check "info after a bit flipped" [ $? -eq 3 ]
check "names the variable" grep -q "'final_symptoms'" message
"$eustress" report nowhere 2>message
check "report of nothing" [ $? -eq 3 ]

# What is no result is told so, with what to do.
study "$minimal"
check "a run that keeps checkpoints" "$eustress" run study.toml -o kept --quiet --set checkpoint.every_days=1 \
  --set checkpoint.keep_after_run=true
for ending in h5 json; do
  check "info of a checkpoint, $ending" exits 3 "$eustress" info kept/checkpoints/day-000002.$ending
  check "is told what that is, $ending" says "is a checkpoint, not results"
done
rm kept/results.nc
for verb in info report; do
  check "$verb of an unfinished run" exits 3 "$eustress" $verb kept
  check "is told how it goes on, $verb" says "the run in 'kept' is not finished; go on with it by eustress resume kept"
done
check "which it does" "$eustress" resume kept --quiet

# A study that is named in the place of a file to be written stays.
cp study.toml mine.toml
check "a report" exits 0 "$eustress" report kept -o page.html
check "again" exits 0 "$eustress" report kept -o page.html
check "not over a study" exits 2 "$eustress" report kept -o mine.toml
check "is told why" says "'mine.toml' is there already, and its name does not end in .html"
check "a log" exits 0 "$eustress" run study.toml -o logged --quiet --log-json times.json
check "not over a study" exits 2 "$eustress" run study.toml -o unlogged --quiet --log-json mine.toml
check "is told why" says "'mine.toml' is there already, and its name does not end in .json"
check "before anything is done" [ ! -e unlogged ]
check "a comparison of the people" exits 0 "$eustress" check study.toml --synthesis -o people.txt
check "not twice" exits 2 "$eustress" check study.toml --synthesis -o people.txt
check "unless --force" exits 0 "$eustress" check study.toml --synthesis -o people.txt --force
check "the study stays" cmp study.toml mine.toml
finish
