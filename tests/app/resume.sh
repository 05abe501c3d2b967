#!/usr/bin/env bash
# Runs that stop and go on elsewhere end in the same bytes; what does not fit is refused.
. "$(dirname "$0")/common.sh"

cat > study.toml <<'TOML'
[study]
name = "stops"
days = 30
[population]
individuals = 1000
[[regime]]
name = "strain"
start_day = 3
end_day = 13
hassle_rate = 2.0
[[wave]]
name = "flood"
day = 11
fraction = 0.3
stressor = "threat"
severity = 1.5
controllability = 0.2
[[probe]]
name = "tsst"
kind = "stressor"
day = 13
time = "15:00"
stressor = "social_evaluative"
severity = 1.0
controllability = 0.3
predictability = 0.2
duration_min = 15
samples_min = [-10, 0, 20, 40]
[[arm]]
name = "frozen"
set = { "reinforcement.active" = false }
[output]
individuals = true
strata = ["sex"]
TOML
treated_arm >> study.toml

# same A B: the result files of two runs have the same bytes.
same() {
  local file
  for file in results.nc individuals.h5 study.toml; do
    cmp "$1/$file" "$2/$file" || return 1
  done
}
# exits CODE COMMAND...
ranks() { mpirun -n "$1" "$eustress" "${@:2}"; }

check "straight run" exits 0 "$eustress" run study.toml -o straight

# A limit of one second is shorter than what a stop needs: each start does one stretch, a day.
check "first stop" exits 85 "$eustress" run study.toml -o stops --threads 2 --max-walltime 1s
check "it says where" says "stopped after day 1: --max-walltime"
check "three ranks" exits 85 ranks 3 run study.toml -o stops --threads 1 --max-walltime 1s
check "it says from where" says "going on from stops/checkpoints/day-000001.h5 after day 1"
check "other code" exits 85 "$eustress" run study.toml -o stops --isa baseline --max-walltime 1s
check "collective writer, more ranks than blocks have room for" \
  exits 85 ranks 7 run study.toml -o stops --threads 1 --max-walltime 1s \
  --set checkpoint.writer='"collective"'
check "resume" exits 85 ranks 2 resume stops --threads 2 --max-walltime 1s
check "to the end" exits 0 "$eustress" run study.toml -o stops
check "same bytes" same straight stops
check "no checkpoints are left" test ! -e stops/checkpoints
check "resume of a finished run" exits 0 "$eustress" resume stops
check "it says so" says "finished"

# Signals.
for signal in TERM USR1; do
  "$eustress" run study.toml -o "$signal" --set population.individuals=60000 > signal.txt 2>&1 &
  process=$!
  sleep 1.5
  kill "-$signal" "$process"
  code=0
  wait "$process" || code=$?
  check "exit code after SIG$signal (it was $code)" test "$code" -eq 85
  check "checkpoint after SIG$signal" grep -q "asked to by SIG$signal" signal.txt
done

# A cohort in slices, saved in the second one; no individual output then.
some=(--set output.individuals=false)
check "one slice" exits 0 "$eustress" run study.toml -o whole "${some[@]}"
small=("${some[@]}" --set numerics.memory_gib=0.001 --threads 2)
check "slices" exits 0 "$eustress" run study.toml -o slices "${small[@]}" \
  --set checkpoint.every_days=10 --set checkpoint.keep_after_run=true --set checkpoint.keep=100
check "same bytes in slices" cmp whole/results.nc slices/results.nc
check "checkpoints of a later slice" test -e slices/checkpoints/slice-0001-day-000020.h5
mkdir again && cp -r slices/checkpoints again/
check "on with another memory" exits 0 "$eustress" run study.toml -o again "${some[@]}"
check "it goes on in the last slice" says "going on from again/checkpoints/slice-"
check "same bytes after a slice" cmp whole/results.nc again/results.nc

# What does not fit.
check "stop" exits 85 "$eustress" run study.toml -o other --max-walltime 1s
check "changed study" exits 2 "$eustress" run study.toml -o other --set hpa.stress_gain=2
check "it names the key" says "hpa.stress_gain: [0-9.]* -> 2"
check "start anew" exits 0 "$eustress" run study.toml -o other --set hpa.stress_gain=2 --force
check "stop of a run that replaces a finished one" exits 85 "$eustress" run study.toml -o other \
  --force --max-walltime 1s
check "the old result is gone" test ! -e other/results.nc
check "it goes on without --force" exits 0 "$eustress" run study.toml -o other
check "same bytes after that" same straight other
check "nothing there" exits 3 "$eustress" resume nowhere
check "no duration" exits 2 "$eustress" run study.toml -o x --max-walltime 3x
check "no checkpoints, no limit" exits 2 "$eustress" run study.toml -o x --max-walltime 1h \
  --set checkpoint.active=false
check "nothing was made" test ! -e x

# Branches.
check "parent" exits 0 "$eustress" run study.toml -o parent --set checkpoint.every_days=10 \
  --set checkpoint.keep_after_run=true
check "same bytes with checkpoints" same straight parent
from=parent/checkpoints/day-000010.h5
check "branch" exits 0 ranks 2 run --from $from -o branch --threads 1
check "branch of an arm" exits 0 "$eustress" run --from $from --arm frozen -o alone
check "branch of a treated arm" exits 0 "$eustress" run --from $from --arm treated -o treated
check "other dose from then on" exits 0 "$eustress" run --from $from -o dose \
  --set intervention.course.dose=3
check "who is in it stays" exits 2 "$eustress" run --from $from -o y \
  --set intervention.course.arms='["frozen"]'
check "it names the arms" says "intervention\[1\].arms"
check "branch with a change" exits 0 "$eustress" run --from $from --set hpa.stress_gain=3 -o change
check "who takes part stays" exits 2 "$eustress" run --from $from --set study.seed=3 -o y
check "it names the seed" says "study.seed: 1 -> 3"
check "what is summarised stays" exits 2 "$eustress" run --from $from --set outcomes.window=5 -o y
check "it names the window" says "outcomes.window: 4 -> 5"
check "unknown arm" exits 2 "$eustress" run --from $from --arm nobody -o y
check "it names the arms" says "reference, frozen"
check "stop of a branch" exits 85 "$eustress" run --from $from -o twice --max-walltime 1s
check "a branch goes on" exits 0 "$eustress" resume twice
check "as without a stop" cmp branch/results.nc twice/results.nc
cat > branches.py <<'PYTHON'
import sys
import numpy
import xarray


def data(directory):
    return xarray.open_dataset(directory + "/results.nc", engine="h5netcdf")


def symptoms(directory, arm=0):
    return data(directory).series_latent_mean.isel(arm=arm).values


straight = symptoms("straight")
if not numpy.array_equal(straight, symptoms("branch")):
    sys.exit("a branch without a change differs")
counted = data("straight"), data("branch")
for name in counted[0].data_vars:
    if not numpy.array_equal(*(d[name].values for d in counted), equal_nan=True):
        sys.exit(f"{name} of a branch without a change differs")
if not numpy.array_equal(symptoms("straight", 1), symptoms("alone")):
    sys.exit("an arm alone differs")
if not numpy.array_equal(symptoms("straight", 2), symptoms("treated")):
    sys.exit("a treated arm alone differs")
if numpy.array_equal(symptoms("straight", 2), symptoms("dose", 2)):
    sys.exit("another dose changes nothing")
alone = data("alone")
if not numpy.array_equal(data("straight").outcome_encounters_mean[1], alone.outcome_encounters_mean[0]):
    sys.exit("outcomes of an arm alone differ")
if not (alone.effect_mean_hassles_sd.values == 0).all():
    sys.exit("a first arm has effects")
if numpy.array_equal(straight, symptoms("straight", 2)):
    sys.exit("treatment changes nothing")
change = symptoms("change")
same = (straight == change).all(axis=0) if straight.shape[0] < straight.shape[1] else (straight == change).all(axis=1)
if not same[:10].all() or same[10:].all():
    sys.exit(f"a change at day 10 shows on the wrong days: {same}")
if "after day 10, arm frozen" not in data("alone").attrs["lineage"]:
    sys.exit("no lineage")
if "lineage" in data("straight").attrs:
    sys.exit("lineage of a run that is no branch")
PYTHON
check "branches" /usr/bin/python3 branches.py
finish
