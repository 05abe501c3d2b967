#!/usr/bin/env bash
# eustress compare: against what Python makes of the same files, and what it does not take.
. "$(dirname "$0")/common.sh"

cat > study.toml <<'TOML'
[study]
name = "compare"
days = 28
seed = 7
[population]
individuals = 300
[[wave]]
name = "flood"
day = 5
fraction = 0.5
[output]
individuals = true
strata = ["sex"]
TOML
treated_arm >> study.toml


check "run" exits 0 "$eustress" run study.toml -o run --quiet
check "compare" exits 0 "$eustress" compare run --json run.json
check "tells of the arm" says "^treated against reference; all"
check "of the days averted" says "disorder_days averted per 1,000 people and year: "
check "of the number needed to treat" says "number needed to treat for one person less ever_depressed: "
check "the file is not replaced" exits 2 "$eustress" compare run --json run.json
check "unless --force" exits 0 "$eustress" compare run --json run.json --force
check "one outcome in a stratum" exits 0 "$eustress" compare run --outcome mean_symptoms --stratum sex_1 --json sex.json
check "nothing else" bash -c '! grep -q mean_ghq output.txt'
check "another reference" exits 0 "$eustress" compare run --reference treated
check "says what that costs" says "note: pairs of persons are kept with 'reference' only"
check "another run" exits 0 "$eustress" run study.toml -o other --set reinforcement.active=false --quiet
check "two runs" exits 0 "$eustress" compare run other --json two.json
check "the same one twice" exits 0 "$eustress" compare run run --json same.json
check "replicates" exits 0 "$eustress" run study.toml -o many --set study.replicates=4 --quiet
check "compare replicates" exits 0 "$eustress" compare many --json many.json
check "says so" says "intervals from replicates"
check "report" exits 0 "$eustress" report run
check "has the effects" grep -q "Effects on outcomes of persons" run/report.html

cat > check_numbers.py <<'PYTHON'
import json

import numpy as np
import xarray as xr

near = lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-7)
load = lambda name: {(e["arm"], e["outcome"]): e for e in json.load(open(name))["effects"]}
people = xr.open_dataset("run/individuals.h5", engine="netcdf4")
results = xr.open_dataset("run/results.nc", engine="netcdf4")

# Persons themselves against the sums that the run made of them.
values = people["final_symptoms"].values.astype(float)
difference = values[1] - values[0]
n = difference.size
effect = load("run.json")["treated", "final_symptoms"]
np.testing.assert_allclose(effect["difference"]["value"], difference.mean(), atol=1e-5)
half = 1.959963984540054 * difference.std() / np.sqrt(n)
np.testing.assert_allclose(effect["difference"]["high"], difference.mean() + half, atol=1e-4)
np.testing.assert_allclose(effect["standardised"], difference.mean() / values[0].std(), atol=1e-3)
assert effect["improved"] + effect["worsened"] <= n and effect["improved"] > 0
assert effect["persons"] == n

effect = load("sex.json")["treated", "mean_symptoms"]
near(effect["difference"]["value"], float(results["effect_mean_symptoms_mean"].sel(arm=1, stratum=2)))
assert effect["persons"] == int((people["sex"] == 1).sum())

days = load("run.json")["treated", "disorder_days"]
near(days["days_averted_per_1000_person_years"]["value"], -1000 * days["difference"]["value"] * 365 / 28)

# Two runs, person by person.
other = xr.open_dataset("other/individuals.h5", engine="netcdf4")
two = load("two.json")
for arm, name in enumerate(["reference", "treated"]):
    a, b = (ds["symptoms"].values[arm].astype(float).mean(axis=1) for ds in (people, other))
    effect = two[name, "mean_symptoms"]
    near(effect["difference"]["value"], (b - a).mean())
    near(effect["difference"]["low"], (b - a).mean() - 1.959963984540054 * (b - a).std() / np.sqrt(n))
    near(effect["standardised"], (b - a).mean() / a.std())
    near(effect["variance_ratio"], (a.var() + b.var()) / (b - a).var())
    assert effect["improved"] == int((b < a).sum()) and effect["worsened"] == int((b > a).sum())
    better = two[name, "final_self_control"]
    a, b = (ds["final_self_control"].values[arm] for ds in (people, other))
    assert better["improved"] == int((b > a).sum())
assert all(e["difference"]["value"] == 0 and e["improved"] == 0 for e in load("same.json").values())

# Days in which -1 stands for none have no mean.
assert "event_day" in people and "ptsd_end_day" in people
assert not [outcome for _, outcome in two if outcome.endswith("_day")]

# Replicates: Student's t over their differences.
merged = xr.open_dataset("many/results.nc", engine="netcdf4")
d = merged["effect_mean_ghq_mean"].sel(arm=1, stratum=0).values
effect = load("many.json")["treated", "mean_ghq"]
near(effect["difference"]["value"], d.mean())
near(effect["difference"]["high"], d.mean() + 3.182446305284263 * d.std(ddof=1) / 2)
PYTHON
check "the numbers" /usr/bin/python3 check_numbers.py

check "no such directory" exits 3 "$eustress" compare nowhere
check "is named" says "'nowhere' is no directory"
mkdir -p unfinished/checkpoints
check "an unfinished run" exits 3 "$eustress" compare unfinished
check "what to do" says "eustress resume unfinished"
check "an unknown outcome" exits 2 "$eustress" compare run --outcome mean_symptons
check "did you mean" says "Did you mean 'mean_symptoms'"
check "days that are codes" exits 2 "$eustress" compare run other --outcome ptsd_onset_day
check "are no outcomes" says "has no outcome 'ptsd_onset_day'"
check "an unknown arm" exits 2 "$eustress" compare run --reference treted
check "did you mean the arm" says "Did you mean 'treated'"
check "an unknown stratum" exits 2 "$eustress" compare run --stratum sex_3
check "one arm" exits 0 "$eustress" run study.toml -o one --quiet --set output.individuals=false
sed '/^\[\[arm\]\]/,$d' study.toml > alone.toml
check "a run of one arm" exits 0 "$eustress" run alone.toml -o alone --quiet
check "has nothing to compare" exits 2 "$eustress" compare alone
check "is told" says "one arm only"
check "persons are needed" exits 3 "$eustress" compare run one
check "the key" says "output.individuals = true"
check "merged runs have no persons" exits 2 "$eustress" compare many run
check "what has" says "many/replicates"
check "other people" exits 0 "$eustress" run study.toml -o people --quiet --set study.seed=8
check "are not paired" exits 2 "$eustress" compare run people
check "with the key" says "study.seed: 7, 8"
check "three runs" exits 2 "$eustress" compare run other people
finish
