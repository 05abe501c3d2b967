#!/usr/bin/env bash
# More people, another output or another arm leave the paths of earlier individuals as they were.
. "$(dirname "$0")/common.sh"

cat > study.toml <<'TOML'
[study]
name = "stability"
days = 28
[population]
individuals = 300
[output]
individuals = true
TOML
cat > arms.toml <<'TOML'
[study]
name = "stability"
days = 28
[population]
individuals = 300
[[arm]]
name = "null"
[[arm]]
name = "frozen"
set = { "reinforcement.active" = false }
[[arm]]
name = "no_dose"
[[arm]]
name = "no_target"
[[intervention]]
name = "nothing"
kind = "social_support"
arms = ["no_dose"]
start_day = 3
end_day = 28
dose = 0
[[intervention]]
name = "nobody"
kind = "hydrocortisone"
arms = ["no_target"]
start_day = 3
end_day = 28
target = "fraction"
fraction = 0
[output]
individuals = true
TOML

check "reference" "$eustress" run study.toml -o reference --quiet
check "more people" "$eustress" run study.toml -o more --set population.individuals=1000 --quiet
check "strata" "$eustress" run study.toml -o strata --set output.strata='["sex"]' --quiet
check "series" "$eustress" run study.toml -o series --set output.series_every_days=5 --quiet
check "longer" "$eustress" run study.toml -o longer --set study.days=42 --quiet
check "arms" "$eustress" run arms.toml -o arms --quiet 2>/dev/null

cat > compare.py <<'PYTHON'
import sys
import numpy
import xarray


def rows(directory, arm=0):
    with xarray.open_dataset(directory + "/individuals.h5", engine="h5netcdf") as data:
        return {name: (data[name].isel(arm=arm) if "arm" in data[name].dims else data[name]).values[:300]
                for name in data.variables if "individual" in data[name].dims}


def same(a, b, but=()):
    for name in a:
        if name in but or name.startswith("final_") and "final" in but:
            continue
        width = min(a[name].shape[1], b[name].shape[1]) if a[name].ndim > 1 else None
        x, y = (v if width is None else v[:, :width] for v in (a[name], b[name]))
        if x.tobytes() != y.tobytes():
            sys.exit(f"{name} differs")


reference = rows("reference")
same(reference, rows("more"))
same(reference, rows("strata"), but=("stratum",))
same(reference, rows("series"))
longer = rows("longer")
days = [name for name in reference if name.endswith("_day")]
same(reference, longer, but=("final", *days))
for name in days:  # what has not happened yet may happen later
    end = xarray.open_dataset("reference/results.nc", engine="h5netcdf").sizes["recovery_day"]
    later = (longer[name] < 0) | (longer[name] >= end)
    if not numpy.where(later, reference[name] == -1, reference[name] == longer[name]).all():
        sys.exit(f"{name} of a longer study differs")
same(reference, rows("arms"))
same(reference, rows("arms", 1))
same(reference, rows("arms", 3))
same(reference, rows("arms", 4))
frozen = rows("arms", 2)
if numpy.array_equal(reference["latent"], frozen["latent"]):
    sys.exit("an arm that learns nothing should differ")
PYTHON
check "paths" /usr/bin/python3 compare.py
finish
