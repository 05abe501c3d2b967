#!/usr/bin/env bash
# Traced individuals: the same bytes for any ranks, threads, interruptions; the numbers of the run
# itself; tables, page, clear errors.
. "$(dirname "$0")/common.sh"
here=$project/tests/app

cat > study.toml <<'TOML'
[study]
name = "traces"
days = 35
seed = 7
[population]
individuals = 300        # 5 blocks, the last one not full
[[wave]]
name = "flood"
day = 9
fraction = 0.5
[[regime]]
name = "lockdown"
start_day = 12
end_day = 20
hassle_rate = 1.5
[[probe]]
name = "test"
kind = "tsst"
day = 20
[[probe]]
name = "diurnal"
kind = "rest"
day = 21
time = "07:00"
samples_min = [0, 30, 45, 60, 120, 240, 480, 720, 900]
[output]
individuals = true
strata = ["sex"]
TOML
treated_arm >> study.toml
cp study.toml untraced.toml
cat >> study.toml <<'TOML'
[traces]
individuals = [299, 0, 17, 200]
every_min = 5
TOML

check "reference run" "$eustress" run study.toml -o reference --threads 1 --quiet
check "xarray reads what the run holds" /usr/bin/python3 "$here/check_traces.py" reference
check "ncdump reads it" bash -c 'ncdump -h reference/traces.nc | grep -q "float cortisol(arm, individual, time)"'
check "info tells of it and finds it whole" code 0 info reference
check "with its variables" has out "executive_control +\(arm 2, individual 4, time 10080\)"

same() {
  local file
  for file in traces.nc results.nc individuals.h5 study.toml; do
    cmp "reference/$file" "$1/$file" || return 1
  done
}
for ranks in 1 2 3 4; do
  for threads in 1 3; do
    run=ranks$ranks-threads$threads
    check "$run runs" mpirun -n "$ranks" "$eustress" run study.toml -o "$run" --threads "$threads" --quiet 2>/dev/null
    check "$run is the same bytes" same "$run"
    rm -rf "$run"
  done
done
check "more ranks than traced blocks" mpirun -n 7 "$eustress" run study.toml -o many --threads 1 --quiet 2>/dev/null
check "is the same bytes too" same many
check "the baseline instruction set" "$eustress" run study.toml -o baseline --isa baseline --quiet
check "has the same traces" cmp reference/traces.nc baseline/traces.nc

# Traces change nothing else.
check "without traces" "$eustress" run untraced.toml -o untraced --quiet
check "no file of them" [ ! -e untraced/traces.nc ]
numbers() { "$eustress" info "$1" | grep data_; }
check "the same results" [ "$(numbers untraced/results.nc)" = "$(numbers reference/results.nc)" ]

# Interrupted, and gone on with on other ranks; with other traces too.
cat > checkpoints.toml <<'TOML'
[checkpoint]
every_days = 10
keep = 10
keep_after_run = true
TOML
cat study.toml checkpoints.toml > saved.toml
check "with checkpoints" "$eustress" run saved.toml -o saved --quiet
begin_again() { rm -rf "$1"; mkdir -p "$1"; cp -r saved/checkpoints "$1"; rm -f "$1"/checkpoints/day-000030*; }
begin_again gone-on
check "resume" mpirun -n 3 "$eustress" resume gone-on --threads 2 --quiet 2>/dev/null
check "gives the same traces" cmp reference/traces.nc gone-on/traces.nc
begin_again changed
check "a resumed run may trace others" "$eustress" run saved.toml -o changed --quiet --set 'traces.individuals=[17]'
check "as if it had from the start" "$eustress" run study.toml -o alone --quiet --set 'traces.individuals=[17]'
check "indeed" cmp alone/traces.nc changed/traces.nc

# A branch has the past of its parent.
check "branch" "$eustress" run --from saved/checkpoints/day-000020.h5 -o branch --quiet --set checkpoint.keep_after_run=true
check "is traced from its day on" /usr/bin/python3 "$here/check_traces.py" branch reference 20
check "branch of one arm" mpirun -n 2 "$eustress" run --from saved/checkpoints/day-000020.h5 --arm treated -o one --quiet
check "is traced too" /usr/bin/python3 "$here/check_traces.py" one reference 20 treated
mkdir half && cp -r branch/checkpoints half && rm -f half/checkpoints/day-000020*
if ls half/checkpoints/day-000030.h5 >/dev/null 2>&1; then
  check "run --from goes on" "$eustress" run --from saved/checkpoints/day-000020.h5 -o half --quiet --set checkpoint.keep_after_run=true
  check "to the same traces" cmp branch/traces.nc half/traces.nc
else
  check "the branch has checkpoints" false
fi

# Some arms, some days, no moments.
check "less of it" "$eustress" run study.toml -o less --quiet --set traces.every_min=0 --set traces.from_day=5 \
  --set traces.to_day=12 --set 'traces.arms=["treated"]'
check "is a part" /usr/bin/python3 "$here/check_traces.py" less reference 5 treated 12
check "the first ones" "$eustress" run untraced.toml -o first --quiet --set traces.first=3
check "are traced" bash -c '"$0" info first/traces.nc | grep -q "cortisol .*individual 3, time 1680"' "$eustress"

# Tables and page.
check "export" "$eustress" export reference
for table in traces traces_day traces_day_stressor traces_day_malleable_factor traces_assessment; do
  check "$table.csv" test -s "reference/csv/$table.csv"
done
check "holds the numbers" /usr/bin/python3 - <<'PYTHON'
import pandas, xarray
traces = xarray.open_dataset("reference/traces.nc")
table = pandas.read_csv("reference/csv/traces.csv")
assert len(table) == 2 * 4 * 10080, len(table)
row = table[(table.individual == 17) & (table.arm == "treated")].iloc[1234]
assert abs(row.time - float(traces.time[1234])) < 1e-12
assert abs(row.cortisol - float(traces.cortisol.sel(arm=1, individual=17)[1234])) < 1e-6
table = pandas.read_csv("reference/csv/traces_day_stressor.csv")
assert set(table.stressor) == {"social_evaluative", "demand", "interpersonal_loss", "threat"}
row = table[(table.individual == 299) & (table.arm == "reference") & (table.day == 30) & (table.stressor == "demand")].iloc[0]
assert abs(row.control_belief - float(traces.control_belief.sel(arm=0, individual=299, day=30)[1])) < 1e-6
table = pandas.read_csv("reference/csv/traces_day.csv")
assert set(table.life_event) <= {"none", "minor", "severe", "traumatic"}, set(table.life_event)
PYTHON
check "report" "$eustress" report reference
check "shows a person" grep -q 'id="trace-hormones"' reference/report.html
check "over the run" grep -q 'id="trace-course"' reference/report.html
check "and the indices of a day" grep -q 'awakening increase (min)' reference/report.html

# An ordinary day: indices within what the model is made for, and those of the samples themselves.
check "cortisol over the day" /usr/bin/python3 - <<'PYTHON'
import numpy, xarray
results = xarray.open_dataset("reference/results.nc")
people = xarray.open_dataset("reference/individuals.h5", engine="h5netcdf")
hours = 7.0 + results.diurnal_sample.values / 60.0
design = numpy.column_stack([numpy.ones_like(hours), numpy.cos(hours * numpy.pi / 12), numpy.sin(hours * numpy.pi / 12)])
fits = numpy.linalg.lstsq(design, people.diurnal_cortisol.values[0].T.astype(float), rcond=None)[0]
get = lambda name: float(results["probe_diurnal_" + name][0, 0])
assert get("amplitude_count") == 300
assert abs(get("mesor_mean") - fits[0].mean()) < 1e-5, (get("mesor_mean"), fits[0].mean())
assert abs(get("amplitude_mean") - numpy.hypot(fits[1], fits[2]).mean()) < 1e-5
acrophase = numpy.degrees(numpy.arctan2(fits[2], fits[1])) / 15.0 % 24.0
assert abs(get("acrophase_mean") - acrophase.mean()) < 1e-4
assert 0 < get("awakening_increase_count") < 300  # not everybody wakes within the samples
assert get("awakening_increase_mean") > 0
assert get("diurnal_slope_mean") < 0
assert 6 < get("acrophase_mean") < 14
PYTHON

# Bad input, all of it at once.
cat untraced.toml - > wrong.toml <<'TOML'
[traces]
individuals = [3, 300, 3]
every_min = 7
from_day = 12
to_day = 12
arms = ["treatd"]
every_hour = 3
TOML
check "wrong traces" code 2 run wrong.toml -o wrong
line=$(grep -n '^individuals = \[3' wrong.toml | cut -d: -f1)
check "beyond the cohort" has err "wrong.toml:$line:19: error: individuals\[1\] = 300 is not in the cohort; legal is 0 to 299"
check "twice" has err "wrong.toml:$line:24: error: 3 stands in individuals already"
check "off the grid" has err "wrong.toml:$((line + 1)):13: error: every_min = 7 is not on the step grid; legal are multiples of dt_min = 5"
check "no days" has err "wrong.toml:$((line + 3)):10: error: to_day = 12 is not after from_day = 12"
check "no such arm" has err "wrong.toml:$((line + 4)):9: error: unknown arm \"treatd\".*Did you mean 'treated'"
check "unknown key" has err "wrong.toml:$((line + 5)):1: error: unknown key 'every_hour' in \[traces\]"
check "nothing left behind" [ ! -e wrong ]
check "a terabyte" code 2 run untraced.toml -o wrong --set population.individuals=100000000 --set traces.first=100000000
check "is refused with its bytes" has err "traces.nc would have [0-9]{13,} bytes; at most 1099511627776 are legal"
check "much" code 0 check untraced.toml --set population.individuals=20000 --set traces.first=20000 --set traces.every_min=5
check "is warned of with its bytes" has err "warning: traces.nc will have [0-9]{10,} bytes"
check "a trace of nobody" code 2 run untraced.toml -o wrong --set traces.every_min=5
check "is none" has err "every_min has a meaning only with individuals, or first, in \[traces\]"
bash -c 'ulimit -f 2000; exec "$0" run study.toml -o small --quiet' "$eustress" 2>message
check "a full disk" [ $? -eq 4 ]
check "leaves no traces" [ -z "$(find small -name '*traces*' 2>/dev/null)" ]
finish
