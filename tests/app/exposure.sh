#!/usr/bin/env bash
# Exposure and population beyond the defaults: replay of a table on any layout and after stops, probes
# at rest, cohort tables in arrays, strata crossed, and what is said of tables that are wrong.
. "$(dirname "$0")/common.sh"
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1

/usr/bin/python3 - <<'PYTHON'
import random
random.seed(5)
classes = ["social_evaluative", "demand", "interpersonal_loss", "threat"]
with open("events.csv", "w") as out:
    out.write("individual,day,time,class,severity,kind,controllability\n")
    for person in range(0, 300, 3):
        for day in range(0, 20, 1 + person % 4):
            for hour in sorted(random.sample(range(7, 20), random.randrange(0, 5))):
                control = random.choice(["", "0.9"])
                out.write(f"{person},{day},{hour:02}:30,{random.choice(classes)},0.8,,{control}\n")
            if day % 9 == 2:
                out.write(f"{person},{day},21:00,threat,3.5,traumatic,\n")
PYTHON

cat > study.toml <<'TOML'
[study]
name = "exposure"
days = 20
seed = 3
[population]
individuals = 300
[replay]
file = "events.csv"
[exposure]
event_excitation = 1.0
[[wave]]
name = "flood"
day = 11
fraction = 0.5
[[regime]]
name = "women"
start_day = 2
end_day = 12
sex = 1
hassle_rate = 2.0
[[regime]]
name = "pessimists"
start_day = 8
end_day = 20
stratum = "sex_1.optimism_low"
severity = 1.5
[[probe]]
name = "morning"
kind = "rest"
day = 3
time = "07:00"
samples_min = [0, 30, 60]
every_days = 5
repeats = 3
[output]
individuals = true
strata = ["sex", "optimism"]
[checkpoint]
every_days = 1
TOML

same() {
  local file
  for file in results.nc individuals.h5 study.toml; do cmp "reference/$file" "$1/$file" || return 1; done
}

check "reference run" exits 0 "$eustress" run study.toml -o reference --threads 1
for ranks in 2 5; do
  check "$ranks ranks" exits 0 mpirun --oversubscribe -n "$ranks" "$eustress" run study.toml -o "ranks$ranks" --threads 2
  check "$ranks ranks give the same bytes" same "ranks$ranks"
done
check "slow code" exits 0 "$eustress" run study.toml -o baseline --isa baseline
check "gives the same bytes" same baseline
check "a stop" exits 85 "$eustress" run study.toml -o stops --max-walltime 1s
check "and a second" exits 85 "$eustress" resume stops --max-walltime 1s
cp events.csv kept.csv
sed -i '$d' events.csv
check "another table is another study" exits 2 "$eustress" run study.toml -o stops
check "it says so" says "content of replay.file"
mv kept.csv events.csv
check "to the end" exits 0 "$eustress" run study.toml -o stops
check "the same bytes after a restart" same stops

# arrays.py DIRECTORY...: hashes of all arrays of their files that have none of the names in WITHOUT.
cat > arrays.py <<'PYTHON'
import hashlib, sys, h5py
without = sys.argv[1].split(",")
for directory in sys.argv[2:]:
    total = hashlib.sha256()
    for name in ("results.nc", "individuals.h5"):
        with h5py.File(f"{directory}/{name}") as file:
            for key in sorted(file):
                if not any(key.startswith(w) for w in without if w):
                    total.update(key.encode() + file[key][...].tobytes())
    print(total.hexdigest())
PYTHON
same_arrays() { [ "$(/usr/bin/python3 arrays.py "$@" | sort -u | wc -l)" -eq 1 ]; }

sed '/^\[\[probe\]\]/,/^repeats/d' study.toml > plain.toml
check "without the probes at rest" exits 0 "$eustress" run plain.toml -o plain
check "nobody's path is another one" same_arrays "morning_,probe_morning_" reference plain
names=$("$eustress" info reference/results.nc)
for n in 1 2 3; do check "probe morning_$n" grep -q "morning_${n}_cortisol" <<< "$names"; done

# The same people from CSV, netCDF-4 and compressed HDF5.
/usr/bin/python3 - <<'PYTHON'
import h5py, numpy as np
rng = np.random.default_rng(2)
n = 100
support = np.round(rng.uniform(1, 5, n), 2)
support[::7] = np.nan
years = rng.integers(20, 60, n).astype("i2")
with open("people.csv", "w") as out:
    out.write("who,support,years\n")
    for i in range(n):
        out.write(f"p{i},{'' if np.isnan(support[i]) else repr(float(support[i]))},{years[i]}\n")
with h5py.File("people.h5", "w") as file:
    file["who"] = [f"p{i}" for i in range(n)]
    filled = np.where(np.isnan(support), -99.0, support)
    data = file.create_dataset("support", data=filled, chunks=(16,), compression="gzip")
    data.attrs["_FillValue"] = -99.0
    file["years"] = years
    file["square"] = np.zeros((n, 2))
    file["words"] = ["a"] * n
PYTHON
cat > people.toml <<'TOML'
[study]
name = "people"
days = 7
[population]
individuals = 250
cohort = "people.csv"
id_column = "who"
[[population.column]]
column = "support"
factor = "social_support"
minimum = 1
maximum = 5
[[population.column]]
column = "years"
covariate = "age"
[output]
individuals = true
strata = ["age"]
TOML
check "people of a CSV table" exits 0 "$eustress" run people.toml -o csv
check "people of an HDF5 file" exits 0 mpirun --oversubscribe -n 2 "$eustress" run people.toml -o h5 \
  --set population.cohort=people.h5
check "are the same to the last bit" same_arrays "" csv h5
check "synthesis report" exits 0 "$eustress" check people.toml --synthesis -o synthesis.csv
check "shows the column" says "social_support .* 15  support"
check "and all correlations" [ "$(grep -c ^correlation, synthesis.csv)" -eq 91 ]
check "the mean that was asked is that of the table on its scale" /usr/bin/python3 - <<'PYTHON'
import csv
rows = {(r["quantity"], r["factor"], r["with"]): r for r in csv.DictReader(open("synthesis.csv"))}
values = [float(r["support"]) for r in csv.DictReader(open("people.csv")) if r["support"]]
asked = float(rows["mean", "social_support", ""]["asked"])
assert abs(asked - (sum(values) / len(values) - 3.0)) < 1e-9, asked  # sd: a quarter of 1 to 5
for row in rows.values():
    if row["quantity"] == "correlation":
        assert abs(float(row["asked"]) - float(row["obtained"])) < 0.35, row
PYTHON

sed -e 's/^sex = 1/sex = 0/' -e '/^individuals = 300/a share_female = 1' plain.toml > women.toml
check "a regime of nobody" exits 0 "$eustress" check women.toml
check "is warned of" says "regime 'women' concerns 0 of 300 people"

# What does not fit.
refused() {  # refused CODE PATTERN ARGUMENTS...
  local code=$1 pattern=$2
  shift 2
  check "$pattern" exits "$code" "$eustress" "$@"
  check "message '$pattern'" says "$pattern"
}
refused 3 "people.h5.*no variable 'suport'.*Did you mean 'support'" check people.toml \
  --set population.cohort=people.h5 --set population.column.support.column=suport
refused 3 "read 'square' of 'people.h5': it has 2 dimensions" check people.toml \
  --set population.cohort=people.h5 --set population.column.years.column=square
refused 3 "read 'words' of 'people.h5': it does not hold numbers" check people.toml \
  --set population.cohort=people.h5 --set population.column.years.column=words
refused 3 "people.csv:[0-9]+:support: .* is outside of the scale, .* from 2 to 5" check people.toml \
  --set population.column.support.minimum=2
refused 3 "people.h5:support\[[0-9]+\]: .* is outside of the scale" check people.toml \
  --set population.cohort=people.h5 --set population.column.support.minimum=2
refused 2 "needs|requires" check people.toml -o synthesis.csv

cat > events.csv <<'CSV'
individual,day,time,class,severity
5,3,08:00,demand,1
4,3,08:00,demand,1
300,3,08:00,demand,1
6,20,08:02,dmand,many
CSV
check "a table with mistakes" exits 3 "$eustress" run study.toml -o bad
check "order" says "events.csv:3:individual: '4' comes before"
check "stranger" says "events.csv:4:individual: '300' is no individual"
check "day" says "events.csv:5:day: '20' is no day"
check "grid" says "events.csv:5:time: '08:02' is not on the step grid"
check "class" says "events.csv:5:class: 'dmand'.*Did you mean 'demand'"
check "severity" says "events.csv:5:severity: 'many' is not a number"
check "nothing is left" [ ! -e bad ]
rm events.csv
refused 3 "error: file = \"events.csv\": .*cannot be opened" check study.toml
refused 2 "unknown stratum \"sex_1.optimism_lo\"" check plain.toml \
  --set 'regime.pessimists.stratum=sex_1.optimism_lo'
finish
