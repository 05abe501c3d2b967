#!/usr/bin/env bash
# Replicates of one job and of a job array: the same bytes for any ranks, groups and threads, after
# stops and damage; merging refuses what does not belong together.
. "$(dirname "$0")/common.sh"

cat > study.toml <<'TOML'
[study]
name = "replicates"
days = 21
seed = 7
replicate = 5
replicates = 3
[population]
individuals = 200        # 4 blocks
[[wave]]
name = "flood"
day = 9
fraction = 0.5
[[arm]]
name = "frozen"
set = { "reinforcement.active" = false }
[output]
individuals = true
strata = ["sex"]
TOML

same() {
  local file
  for file in results.nc study.toml replicates/{5,6,7}/{results.nc,individuals.h5,study.toml}; do
    cmp "reference/$file" "$1/$file" || return 1
  done
}
ranks() { local n=$1; shift; mpirun -n "$n" "$eustress" "$@"; }

check "reference" exits 0 "$eustress" run study.toml -o reference --threads 1
check "it tells of the groups" says "3 replicates, 0 of them finished; 1 rank in 1 group"
for layout in "1 2" "2 1" "3 2" "4 1" "5 2"; do
  read -r n threads <<< "$layout"
  check "$n ranks x $threads" exits 0 ranks "$n" run study.toml -o layout --threads "$threads" --quiet
  check "same bytes on $n ranks x $threads" same layout
  rm -rf layout
done
check "three groups" exits 0 ranks 3 run study.toml -o three --threads 1
check "are told of" says "3 ranks in 3 groups"

# As jobs of an array.
for n in 7 5 6; do
  check "job $n" exits 0 "$eustress" run study.toml --set study.replicates=1 --set "study.replicate=$n" \
    -o "job$n" --quiet
  check "is replicate $n" cmp "job$n/results.nc" "reference/replicates/$n/results.nc"
done
check "merge" exits 0 "$eustress" merge job7 job5 job6 -o array
check "is what one job makes" cmp array/results.nc reference/results.nc
check "with its study" cmp array/study.toml reference/study.toml
check "one rank of several merges" exits 0 ranks 2 merge job5 job6 -o two
check "the study of one job of two" grep -q "^replicates = 2 " two/study.toml
check "merging over it" exits 2 "$eustress" merge job5 job6 -o two
check "unless --force" exits 0 "$eustress" merge job5 job7 -o two --force
check "numbers with a gap are no one job" grep -q "^replicates = 1 " two/study.toml
check "one run" exits 2 "$eustress" merge job5 -o x
check "twice the same" exits 2 "$eustress" merge job5 job6 job5 -o x
check "it names both" says "'job5' and 'job5' are the same run, seed 7 and replicate 5"
check "merged ones" exits 2 "$eustress" merge array job5 -o x
check "missing" exits 3 "$eustress" merge job5 nowhere -o x
check "another study" exits 0 "$eustress" run study.toml --set study.replicates=1 --set hpa.stress_gain=2 \
  -o gain --quiet
check "is refused" exits 2 "$eustress" merge job6 gain -o x
check "with the key" says "hpa.stress_gain: [0-9.]*, 2"
check "no result is left" test ! -e x
cp -r job5 upgraded
/usr/bin/python3 - <<'PYTHON'
import h5py
import numpy
with h5py.File("upgraded/results.nc", "r+") as file:
    length = len(file.attrs["eustress_version"])
    del file.attrs["eustress_version"]
    file.attrs.create("eustress_version", numpy.bytes_("9" * length), dtype=f"S{length}")
PYTHON
check "another version" exits 2 "$eustress" merge job6 upgraded -o x
check "is told" says "made by eustress .*, 'upgraded' by 99"
check "another seed" exits 0 "$eustress" run study.toml --set study.replicates=1 --set study.seed=8 \
  -o seed8 --quiet
check "is merged" exits 0 "$eustress" merge seed8 job5 -o seeds

# What reads results reads merged ones.
check "info" exits 0 "$eustress" info reference
check "shows the dimension" says "series_symptoms_mean +\(replicate 3, arm 2, stratum 3, day 21\)"
check "export" exits 0 "$eustress" export reference
check "tables hold the numbers" /usr/bin/python3 "$project/tests/app/check_tables.py" reference reference/csv wide
check "report" exits 0 "$eustress" report reference
check "says that it is of replicates" grep -q "3 replicates" reference/report.html
cat > merged.py <<'PYTHON'
import numpy as np
import xarray as xr

merged = xr.open_dataset("reference/results.nc", engine="netcdf4")
assert list(merged["replicate"].values) == [5, 6, 7] and list(merged["replicate_number"].values) == [5, 6, 7]
assert list(merged["replicate_seed"].values) == [7, 7, 7] and int(merged.attrs["replicates"]) == 3
for r in (5, 6, 7):
    single = xr.open_dataset(f"reference/replicates/{r}/results.nc", engine="h5netcdf")
    for name, variable in single.variables.items():
        here = merged[name]
        if "arm" in variable.dims and name != "arm":
            assert here.dims == ("replicate",) + variable.dims, name
            here = here.sel(replicate=r)
        assert here.dtype == variable.dtype, name
        assert np.array_equal(here.values, variable.values, equal_nan=variable.dtype.kind == "f"), name
        for key, value in variable.attrs.items():
            assert key in ("ancillary_variables",) or np.array_equal(merged[name].attrs[key], value), (name, key)
        count = variable.attrs.get("ancillary_variables")
        assert count is None or merged[name].attrs["ancillary_variables"] in merged, name
series = merged["series_symptoms_mean"].values
assert not np.array_equal(series[0], series[1]), "replicates are alike"
people = [xr.open_dataset(f"reference/replicates/{r}/individuals.h5", engine="h5netcdf") for r in (5, 6)]
assert not np.array_equal(people[0]["optimism"].values, people[1]["optimism"].values), "the same people"
seeds = xr.open_dataset("seeds/results.nc", engine="netcdf4")
assert list(seeds["replicate"].values) == [0, 1] and list(seeds["replicate_seed"].values) == [7, 8]
assert seeds.attrs["study_sha256"] == xr.open_dataset("job5/results.nc").attrs["study_sha256"]
PYTHON
check "merged values" /usr/bin/python3 merged.py

# Stops: all groups stop, finished replicates are kept, the rest goes on.
check "stop" exits 85 "$eustress" run study.toml -o stops --max-walltime 1s
check "two groups" exits 85 ranks 2 run study.toml -o stops --threads 1 --max-walltime 1s
check "resume" exits 0 ranks 3 resume stops --threads 1
check "same bytes after stops" same stops
check "resume of a finished job" exits 0 "$eustress" resume stops
check "says so" says "finished"
check "a finished job is not replaced" exits 2 "$eustress" run study.toml -o stops
rm stops/results.nc stops/study.toml
rm -r stops/replicates/6
touch stops/replicates/5/mark
check "one is missing" exits 0 ranks 2 run study.toml -o stops --threads 1
check "only that is run" says "3 replicates, 2 of them finished"
check "same bytes with one anew" same stops
rm stops/results.nc
/usr/bin/python3 - <<'PYTHON'
import h5py
with h5py.File("stops/replicates/7/individuals.h5") as file:
    place = file["final_symptoms"].id.get_offset()
with open("stops/replicates/7/individuals.h5", "r+b") as file:
    file.seek(place)
    byte = file.read(1)[0]
    file.seek(place)
    file.write(bytes([byte ^ 1]))
PYTHON
check "a damaged one" exits 3 "$eustress" run study.toml -o stops
check "is named" says "stops/replicates/7/individuals.h5"
check "start anew" exits 0 "$eustress" run study.toml -o stops --force --quiet
check "same bytes anew" same stops
rm stops/results.nc
check "another study in it" exits 2 "$eustress" run study.toml -o stops --set hpa.stress_gain=2
check "names the key" says "hpa.stress_gain: [0-9.]*, 2"
check "a run without replicates in it" exits 2 "$eustress" run study.toml -o stops --set study.replicates=1
check "is told" says "holds replicates"

# One rank of one group gets the signal, the other group must hear of it.
mpirun -n 2 "$eustress" run study.toml -o signal --threads 1 --set population.individuals=30000 \
  --set output.individuals=false --set study.replicates=2 --set study.days=3000 >signal.txt 2>&1 &
process=$!
for _ in $(seq 300); do
  [ -d signal/replicates/5 ] && [ -d signal/replicates/6 ] && break
  sleep 0.1
done
sleep 1
child=$(pgrep -P "$process" -f "run study.toml -o signal" | tail -1)
kill -TERM "$child"
code=0
wait "$process" || code=$?
check "exit code after SIGTERM of one rank (it was $code)" test "$code" -eq 85
check "both replicates have checkpoints" test -e signal/replicates/5/checkpoints -a -e signal/replicates/6/checkpoints

check "more replicates than numbers" exits 2 "$eustress" run study.toml -o x --set study.replicate=4294967295
check "no replicates" exits 2 "$eustress" run study.toml -o x --set study.replicates=0
check "nothing was made" test ! -e x
finish
