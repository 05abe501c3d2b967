#!/usr/bin/env bash
# eustress calibrate: known values are found again by every method, the log is gone on with, the
# same numbers on any ranks, mistakes.
. "$(dirname "$0")/common.sh"

# recovers DIRECTORY: 7 and 14 d are within the intervals, which are short, and the fit is close.
recovers() {
  /usr/bin/python3 - "$1" <<'PYTHON'
import json, sys
fit = json.load(open(sys.argv[1] + "/calibration.json"))
assert fit["is_minimum"] and fit["is_any_point_left"]
assert fit["objective"] < 0.5, fit["objective"]
for p, truth in zip(fit["parameters"], (7.0, 14.0)):
    low, high = p["interval"]
    assert low < truth < high and p["identifiable"], p
    assert abs(p["fitted"]/truth - 1) < 0.08, p
    assert p["default"] == truth and p["share_of_range"] < 0.3, p
assert [row["id"] for row in fit["fitted_to"]] == ["E2"]
assert all(q["holds"] for row in fit["fitted_to"] for q in row["quantities"])
PYTHON
}
glands=$project/jobs/calibration/glands.toml

check 'BOBYQA' code 0 calibrate "$glands" -o bobyqa --threads 1
check 'says what it is fitted to' has out '^  E2  recovery .*: 5 of 11 quantities, weight 1$'
check 'says what is held out' has out '^  E3  CRH test'
check 'and what is not looked at' has out '^held out and not measured: E4 .* R4$'
check 'finds the values' recovers bobyqa
check 'measures what is held out' /usr/bin/python3 -c '
import json
held_out = json.load(open("bobyqa/calibration.json"))["held_out"]
assert [row["id"] for row in held_out] == ["E1", "E3"]
assert all(q["after"] is not None for row in held_out for q in row["quantities"])'
check 'tells of parameters that go together' has out 'yes, with hpa.adrenal_turnover_d \(r = -0\.[789]'

check 'the fit is part of a study' bash -c "
  printf '[study]\nname = \"fitted\"\ndays = 2\n[population]\nindividuals = 64\n' | cat - bobyqa/fitted.toml > fitted.toml
  '$eustress' check fitted.toml > /dev/null"

check 'a run of it' "$eustress" run fitted.toml -o ran --quiet
check 'not into the directory of a run' code 2 calibrate "$glands" -o ran
check 'of which it tells' has err "'ran' is the directory of a run, with 'results.nc' in it"
check 'nothing is left there' [ ! -e ran/log.jsonl ]

head -n 12 bobyqa/log.jsonl > begun.jsonl
tail -n +13 bobyqa/log.jsonl | head -n 1 | cut -c 1-30 | tr -d '\n' >> begun.jsonl
mkdir again
cp begun.jsonl again/log.jsonl
check 'goes on with a log' code 0 calibrate "$glands" -o again --threads 1
check 'from it' has out '\(from the log\)'
check 'to the same result' cmp again/calibration.json bobyqa/calibration.json
check 'and the same log' cmp again/log.jsonl bobyqa/log.jsonl
check 'a finished one is not computed again' code 0 calibrate "$glands" -o again
check 'nothing' has out '^0 evaluations were computed'
check 'not after a change of the studies' code 2 calibrate "$glands" -o again --set hpa.gr_half_saturation=5
check 'of which it tells' has err "log.jsonl' is of another calibration"
sed 's/^low = 3.0/low = 4.0/' "$glands" > other.toml
check 'but with other ranges' code 0 calibrate other.toml -o again --quiet
check 'with --force' code 0 calibrate "$glands" -o again --set hpa.gr_half_saturation=5 --force --quiet

for n in 2 3; do
  check "$n ranks" mpirun -n "$n" "$eustress" calibrate "$glands" -o "r$n" --threads 1 --quiet
  check "same result on $n ranks" cmp "r$n/calibration.json" bobyqa/calibration.json
  check "same log on $n ranks" cmp "r$n/log.jsonl" bobyqa/log.jsonl
done

for method in crs2 isres; do
  sed "s/bobyqa/$method/; s/^evaluations.*/evaluations = 240/; /^held_out/d" "$glands" > $method.toml
  check "$method" code 0 calibrate $method.toml -o $method
  check "$method finds the values" recovers $method
done

# A third parameter, of which the row knows nothing.
sed 's/bobyqa/history/; s/^evaluations.*/waves = 3\npoints = 40/; /^held_out/d' "$glands" > history.toml
cat >> history.toml <<'TOML'
[[parameter]]
key = "receptors.total_cortisol_nmol_l"
low = 300.0
high = 600.0
TOML
check 'history matching' code 0 calibrate history.toml -o history
check 'finds what the row constrains, and what it does not' /usr/bin/python3 -c '
import json
fit = json.load(open("history/calibration.json"))
pituitary, adrenal, cortisol = fit["parameters"]
for p, truth in ((pituitary, 7), (adrenal, 14)):
    assert p["interval"][0] < truth < p["interval"][1] and p["identifiable"], p
    assert p["share_of_range"] < 0.35, p
    assert abs(p["fitted"] - truth) < 0.03*truth, p
assert cortisol["share_of_range"] > 0.9 and not cortisol["identifiable"], cortisol
assert pituitary["correlations"]["hpa.adrenal_turnover_d"] < -0.5
assert abs(pituitary["correlations"]["receptors.total_cortisol_nmol_l"]) < 0.3
assert len(fit["waves"]) == 3 and fit["waves"][-1]["not_ruled_out"] > 5
'
sed 's/^low = 5.0/low = 25.0/; s/^high = 50.0/high = 90.0/; s/^start = 25.0/start = 30.0/' history.toml > far.toml
check 'ranges without the answer' code 0 calibrate far.toml -o far
check 'are told' has out 'every simulated point was ruled out'

# People: the half-life of cortisol from the time of the peak.
cat > people.toml <<'TOML'
[calibration]
method = "bobyqa"
evaluations = 8
tolerance = 0.02
people = 128
[[parameter]]
key = "hpa.cortisol_half_life_min"
low = 10.0
high = 60.0
start = 40.0
[[target]]
row = "E4"
quantities = ["peak of the mean, min after onset"]
weight = 4.0
TOML
check 'people' code 0 calibrate people.toml -o people --threads 1
check 'on 3 threads' code 0 calibrate people.toml -o people3 --threads 3 --quiet
check 'the same' cmp people/log.jsonl people3/log.jsonl
check 'come nearer to the target' /usr/bin/python3 -c '
import json
fit = json.load(open("people/calibration.json"))
peak = fit["fitted_to"][0]["quantities"][0]
log = [json.loads(line) for line in open("people/log.jsonl")][1:]
first = log[0]["measured"][0][0][0]
assert log[0]["values"] == [40.0]
assert abs(peak["after"] - 37.5) < 0.5*abs(first - 37.5), (first, peak)
assert fit["parameters"][0]["fitted"] < 35
'

cat > wrong.toml <<'TOML'
[calibration]
method = "bobyka"
points = 10
held_out = ["E2", "E33"]
[[parameter]]
key = "study.days"
low = 1.0
high = 2.0
[[parameter]]
key = "hpa.adrenal_turnver_d"
low = 5.0
high = 50.0
strat = 7.0
[[target]]
row = "E2"
quantities = ["ACHT, d"]
[[target]]
row = "E99"
weight = -1.0
TOML
check 'mistakes' code 2 calibrate wrong.toml -o wrong
check 'all are told: the method' has err "wrong.toml:2:10.*'?method = \"bobyka\".*Did you mean 'bobyqa'"
check 'a target that is held out' has err "wrong.toml:4:13.*row 'E2' is a target: what is fitted cannot be held out"
check 'a row' has err "validate has no row 'E99'"
check 'a key that is no parameter' has err 'study.days is no parameter of the model'
check 'a parameter' has err "unknown key 'hpa.adrenal_turnver_d'.*Did you mean 'hpa.adrenal_turnover_d'"
check 'a word' has err "unknown key 'strat'.*Did you mean 'start'"
check 'a quantity' has err "row 'E2' has no quantity 'ACHT, d'.*Did you mean 'ACTH, d'"
check 'a weight' has err 'weight = -1 is outside the legal range'
check 'an override' code 2 calibrate "$glands" -o wrong --set hpa.strss_gain=1
check 'with a suggestion' has err "Did you mean 'stress_gain'"
check 'a missing file' code 2 calibrate none.toml -o wrong

# The defaults are what their calibrations found, rounded to three digits.
"$eustress" parameters > parameters.md
jobs=$(dirname "$glands")
cp "$jobs/hpa-axis.fitted.toml" .
check 'the log of the calibration of mental health' \
  exits 0 /usr/bin/python3 "$jobs/corrected.py" point "$jobs/mental-health.toml"
cp output.txt mental-health.fitted.toml
for name in hpa-axis mental-health; do
  check "the defaults are those of the calibration $name" python3 -c '
import re, sys
defaults, section = {}, None
for line in open("parameters.md", encoding="utf-8"):
    if title := re.match(r"### \[([\w.]+)\]$", line): section = title[1]
    if row := re.match(r"\| `(\w+)` \|(?:[^|]*\|){2} `([^`]*)` \|", line): defaults[section, row[1]] = row[2]
fitted, keys = 0, sum(line.startswith("key = ") for line in open(sys.argv[1], encoding="utf-8"))
for line in open(sys.argv[2], encoding="utf-8"):
    if title := re.match(r"\[([\w.]+)\]$", line): section = title[1]
    if row := re.match(r"(\w+) = (\S+)", line):
        assert abs(float(row[2])/float(defaults[section, row[1]]) - 1) < 5e-3, (section, line)
        fitted += 1
assert fitted == keys > 0, (fitted, keys)' "$jobs/$name.toml" $name.fitted.toml
done

finish
