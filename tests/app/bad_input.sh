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
check "unknown option" refuses 2 "wings" run study.toml --wings
study "$minimal"
check "bad --set" refuses 2 "study.dais" run study.toml --set study.dais=3
check "no threads" refuses 2 "threads" run study.toml --threads 0

with_table() { study "$minimal" 'cohort = "people.csv"' '[[population.column]]' 'column = "x"' 'factor = "optimism"'; }
with_table
check "missing table" refuses 3 "people.csv" run study.toml
: > people.csv
check "empty table" refuses 3 "people.csv" run study.toml
echo "x,y" > people.csv
check "empty cohort" refuses 3 "people.csv" run study.toml
printf 'x,y\n1,2\nmany,3\n2,2\n' > people.csv
check "non-numeric cell" refuses 3 "people.csv:3:x.*many" run study.toml
printf 'y,z\n1,2\n2,2\n' > people.csv
check "missing column" refuses 3 "x" run study.toml
printf 'who,x\na,1\nb,2\na,3\n' > people.csv
study "$minimal" 'cohort = "people.csv"' 'id_column = "who"' '[[population.column]]' 'column = "x"' \
  'factor = "optimism"'
check "duplicate ids" refuses 3 "people.csv:4" run study.toml

with_matrix() { study "$minimal" 'correlations = "r.csv"'; }
with_matrix
printf ',optimism,self_efficacy\noptimism,1,0.5\nself_efficacy,0.4,1\n' > r.csv
check "matrix not symmetric" refuses 3 "r.csv.*(optimism|self_efficacy)" run study.toml
printf ',optimism,self_efficacy,emotional_stability\noptimism,1,0.9,-0.9\nself_efficacy,0.9,1,0.9\nemotional_stability,-0.9,0.9,1\n' > r.csv
"$eustress" run study.toml -o projected --quiet 2>message
check "matrix not PSD is projected" [ $? -eq 0 ]
check "with the distance in a warning" grep -qE "warning: .*r.csv.*distance of [0-9.]+" message

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
finish
