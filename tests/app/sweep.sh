#!/usr/bin/env bash
# eustress sweep: designs, mistakes, restart, the same bytes on any ranks and threads.
. "$(dirname "$0")/common.sh"

cat > study.toml <<'TOML'
[study]
name = "small"
days = 14
seed = 7
[population]
individuals = 128
[[wave]]
name = "flood"
day = 3
fraction = 0.5
[[arm]]
name = "frozen"
set = { "reinforcement.active" = false }
TOML
cat > grid.toml <<'TOML'
[sweep]
study = "study.toml"
design = "grid"
outputs = ["outcome_mean_ghq_mean[frozen, all]", "series_symptoms_mean", "series_symptoms_mean[reference, all, max]"]
[[parameter]]
key = "wave.flood.severity"
values = [0.5, 2.0]
[[parameter]]
key = "exposure.severity"
low = 0.3
high = 1.2
steps = 2
scale = "log"
TOML

same() { cmp "$1/sweep.nc" "$2/sweep.nc" && cmp "$1/sweep.html" "$2/sweep.html"; }

check 'a grid' code 0 sweep grid.toml -o grid --threads 1
check 'tells of its points' has out 'grid.toml: 4 points of a design of kind grid, 0 of them finished'
check 'leaves no runs behind' bash -c '! ls grid/points | grep -v json'
check 'the numbers are those of single runs' bash -c "
  '$eustress' run study.toml -o single --quiet --set wave.flood.severity=2.0 --set exposure.severity=0.3
  /usr/bin/python3 - <<'PYTHON'
import netCDF4, numpy
sweep, run = netCDF4.Dataset('grid/sweep.nc'), netCDF4.Dataset('single/results.nc')
values = sweep['parameter_value'][:]
assert numpy.allclose(values, [[.5, .3], [.5, 1.2], [2, .3], [2, 1.2]]), values
symptoms = run['series_symptoms_mean'][0, 0, :]
expected = [run['outcome_mean_ghq_mean'][1, 0], symptoms[-1], symptoms.max()]
assert numpy.array_equal(sweep['output_value'][2], expected), (sweep['output_value'][2], expected)
assert sweep['output_value'][3, 1] != sweep['output_value'][2, 1]
assert 'wave.flood.severity' in sweep['parameter'].flag_meanings
PYTHON"
check 'not into the directory of a run' code 2 sweep grid.toml -o single
check 'of which it tells' has err "'single' is the directory of a run, with 'results.nc' in it"
check 'nor with --force' code 2 sweep grid.toml -o single --force
check 'nothing is left there' [ ! -e single/points ]
check 'the page is XML with a heat map' /usr/bin/python3 -c '
import xml.dom.minidom
page = xml.dom.minidom.parse("grid/sweep.html")
assert len(page.getElementsByTagName("rect")) == 3*4'

for n in 1 2 3; do
  check "$n ranks" mpirun -n "$n" "$eustress" sweep grid.toml -o "r$n" --threads 1 --quiet
  check "same bytes on $n ranks" same grid "r$n"
done
check '3 threads' code 0 sweep grid.toml -o t3 --threads 3 --quiet
check 'same bytes on 3 threads' same grid t3

rm grid/points/000001.json grid/sweep.nc
echo '{"study_sha256": "' > grid/points/000002.json
touch -d '2001-01-01' grid/points/000000.json
check 'goes on' code 0 sweep grid.toml -o grid --threads 1
check 'with what is not finished' has out '4 points of a design of kind grid, 2 of them finished'
check 'and does only that' bash -c '[ $(find grid/points -newermt 2002-01-01 -name "*.json" | wc -l) -eq 3 ]'
check 'the same bytes' same grid r1
check 'not after a change' code 2 sweep grid.toml -o grid --set study.seed=8
check 'of which it tells' has err "000000.json' is of another study or design"
check 'but with --force' code 0 sweep grid.toml -o grid --set study.seed=8 --force --quiet
check 'with other numbers' bash -c '! cmp -s grid/sweep.nc r1/sweep.nc'

design() {
  cat <<TOML
[sweep]
study = "study.toml"
design = "$1"
$2
bootstrap = 200
outputs = ["outcome_mean_ghq_mean"]
[[parameter]]
key = "exposure.severity"
low = 0.3
high = 1.2
[[parameter]]
key = "hpa.cortisol_half_life_min"
low = 15
high = 60
TOML
}
design sobol 'points = 4' > sobol.toml
design morris 'trajectories = 3' > morris.toml
design lhs 'points = 6' > lhs.toml
check 'Sobol' code 0 sweep sobol.toml -o sobol
check 'gives indices' has out 'exposure.severity +[-0-9.e]+ \[.*\] +[-0-9.e]+ \['
check 'Morris' code 0 sweep morris.toml -o morris
check 'Latin hypercube' code 0 sweep lhs.toml -o lhs
check 'indices are in the files' /usr/bin/python3 -c '
import netCDF4, numpy
d = netCDF4.Dataset("sobol/sweep.nc")
assert d["parameter_value"].shape == (16, 2) and d["total_order"].shape == (2, 1)
assert d["total_order_low"][0, 0] <= d["total_order"][0, 0] <= d["total_order_high"][0, 0]
d = netCDF4.Dataset("morris/sweep.nc")
assert d["parameter_value"].shape == (9, 2) and (d["mu_star"][:] >= numpy.abs(d["mu"][:]) - 1e-12).all()
d = netCDF4.Dataset("lhs/sweep.nc")
assert d["regression_coefficient"].shape == (2, 1) and 0 <= d["regression_r2"][0] <= 1 + 1e-12
'
check 'pages are XML' /usr/bin/python3 -c '
import xml.dom.minidom
for name in ("sobol", "morris", "lhs"): xml.dom.minidom.parse(name + "/sweep.html")'

sed 's/mean_ghq_mean/mean_gqh_mean/' lhs.toml > wrong.toml
check 'an unknown output' code 2 sweep wrong.toml -o wrong
check 'with a suggestion' has err "no variable 'outcome_mean_gqh_mean'.*Did you mean 'outcome_mean_ghq_mean'"
check 'before anything is computed' bash -c '! ls wrong/points 2>/dev/null | grep json'
sed 's/mean_ghq_mean/mean_ghq_mean[frosen]/' lhs.toml > wrong.toml
check 'an unknown place' code 2 sweep wrong.toml -o wrong
check 'with a suggestion' has err "arm has no place 'frosen'. Did you mean 'frozen'"
sed 's/exposure.severity/exposure.sevrity/; s/high = 60/hihg = 90/' lhs.toml > wrong.toml
check 'mistakes in the design' code 2 sweep wrong.toml -o wrong
check 'with their places' has err "wrong.toml:8:7"
check 'and suggestions' has err "Did you mean 'exposure.severity'"
check 'all of them' has err "unknown key 'hihg'.*Did you mean 'high'"
sed 's/wave.flood/wave.fire/' grid.toml > wrong.toml
check 'an unknown wave' code 2 sweep wrong.toml -o wrong
check 'is told' has err 'wrong.toml:6:7: error: there is no \[\[wave\]\] with name = "fire".*There are: flood'
check 'with its parameter' has err '^  wave.fire.severity=0.5'
sed 's/"lhs"/"lsh"/' lhs.toml > wrong.toml
check 'an unknown kind' code 2 sweep wrong.toml -o wrong
check 'with a suggestion' has err "wrong.toml:3:10: error: .*Did you mean 'lhs'"
check 'and nothing that follows from it' [ "$(grep -c 'error:' err)" -eq 1 ]
check 'replicates are refused' code 2 sweep lhs.toml -o wrong --set study.replicates=2
check 'a missing study' code 2 sweep <(sed 's/study.toml/none.toml/' lhs.toml) -o wrong

finish
