"""check_tables.py RUN TABLES wide|long: CSV tables of `eustress export` against the files through xarray."""

import os
import sys

import numpy as np
import pandas as pd
import xarray as xr

run, tables, form = sys.argv[1:]
is_long = form == "long"
KEYS = {"replicate", "arm", "stratum", "probe", "minute", "middle", "quantity", "statistic", "value"}
names = lambda ds, dimension: dict(enumerate(ds.attrs[dimension + "_names"].split(", ")))
seen = 0


def read(name):
    return pd.read_csv(f"{tables}/{name}", float_precision="round_trip", low_memory=False)


def expect(table, keys, column, variable):
    """The rows with these keys hold the numbers of the variable in its order."""
    global seen
    rows = table
    for key, value in keys.items():
        rows = rows[rows[key] == value]
    if is_long:
        rows = rows[rows.statistic == column] if "statistic" in rows else rows
        column = "value"
    got, want = rows[column].to_numpy(float), variable.values.astype(float).ravel()
    if variable.dtype == np.float32:
        got, want = got.astype(np.float32), variable.values.ravel()
    assert got.shape == want.shape, (keys, column, got.shape, want.shape)
    assert np.array_equal(got, want, equal_nan=True), (keys, column)
    seen += got.size


ds = xr.open_dataset(f"{run}/results.nc", engine="netcdf4")
has_replicates = "replicate" in ds.dims
lead = (["replicate"] if has_replicates else []) + ["arm", "stratum"]
of_counts = {v.attrs["ancillary_variables"] for v in ds.variables.values() if "ancillary_variables" in v.attrs}
checked = set()
for name, variable in ds.data_vars.items():
    dims = [d for d in variable.dims if d not in lead + ["quantile"]]
    if "arm" not in variable.dims:
        continue
    prefix = ""
    keys = {}
    if dims == ["day"]:
        file, prefix = "series.csv", "series_"
    elif dims == ["assessment"]:
        file, prefix = "assessments.csv", "assessed_"
    elif dims == ["bin"]:
        file, prefix = "histograms.csv", "assessed_"
    elif len(dims) == 1 and dims[0].endswith("_sample"):
        keys["probe"] = dims[0][: -len("_sample")]
        file, prefix = "probes.csv", f"probe_{keys['probe']}_"
    elif not dims:
        file = "outcomes.csv"
    else:
        file = "outcomes_" + "_".join(dims) + ".csv"
    table = read(file)
    checked.add(file)
    stem = name[len(prefix):] if name.startswith(prefix) else name
    for suffix, column in [("_mean", "mean"), ("_sd", "sd"), ("_count", "count"), ("_histogram", "count"), ("_quantile", "q")]:
        if stem.endswith(suffix) and (suffix == "_quantile") == ("quantile" in variable.dims):
            stem = stem[: -len(suffix)]
            break
    else:
        column = "value"
    if name in of_counts and (table.quantity == stem).sum() == 0:
        # Beside the numbers that it belongs to.
        for other, data in ds.data_vars.items():
            plain = tuple(d for d in data.dims if d != "quantile")
            if data.attrs.get("ancillary_variables") == name and other.endswith("_mean") and plain == variable.dims:
                expect(table, keys | {"quantity": other[len(prefix):-len("_mean")] if other.startswith(prefix) else other[:-len("_mean")]}, "count", variable)
        continue
    keys["quantity"] = stem
    if column == "q":
        for q, label in zip(ds["quantile"].values, ["q05", "q25", "q50", "q75", "q95"]):
            expect(table, keys, label, variable.sel(quantile=q))
    else:
        expect(table, keys, column, variable)
    # The dimensions themselves, once per variable: their first rows are in the order of the file.
    rows = table
    for key, value in keys.items():
        rows = rows[rows[key] == value]
    if is_long:
        rows = rows[rows.statistic == rows.statistic.iloc[0]]
    index = variable.isel(quantile=0) if "quantile" in variable.dims else variable
    grid = np.meshgrid(*[np.arange(index.sizes[d]) for d in index.dims], indexing="ij")
    for dimension, places in zip(index.dims, grid):
        shown = "minute" if dimension.endswith("_sample") else dimension
        want = ds[dimension].values[places.ravel()]
        if dimension in ("arm", "stratum"):
            want = np.array([names(ds, dimension)[code] for code in want])
        elif "flag_meanings" in ds[dimension].attrs:
            want = np.array(ds[dimension].attrs["flag_meanings"].split())[want]
        assert (rows[shown].to_numpy() == want).all(), (name, dimension)

if os.path.exists(f"{run}/individuals.h5"):
    people = xr.open_dataset(f"{run}/individuals.h5", engine="netcdf4")
    arms = names(people, "arm")
    for name, variable in people.data_vars.items():
        dims = [d for d in variable.dims if d not in ("arm", "individual")]
        along = dims[0] if dims else ""
        is_probe = along.endswith("_sample")
        file = f"{along}_individuals.csv" if along else "individuals.csv"
        if along == "assessment":
            file = "assessments_individuals.csv"
        if is_probe:
            file = f"probe_{along[:-len('_sample')]}_individuals.csv"
            name = name[len(along) - len("sample"):]
        table = read(file)
        checked.add(file)
        for code, arm in arms.items():
            values = variable.sel(arm=code) if "arm" in variable.dims else variable
            rows = table[table.arm == arm]
            if is_long:
                rows = rows[rows.quantity == name].rename(columns={"value": name})
            if name == "stratum":
                meanings = names(people, "stratum")
                assert list(rows[name]) == [meanings[c] for c in values.values]
                continue
            if name == "group":
                values = values.where(values >= 0)
            expect(rows, {}, name if not is_long else name, values) if not is_long else None
            if is_long:
                got = pd.to_numeric(rows[name]).to_numpy()
                assert np.array_equal(got.astype(values.dtype), values.values.ravel(), equal_nan=values.dtype.kind == "f"), name
                seen += got.size
            width = values.sizes[along] if along else 1
            assert (rows.individual.to_numpy() == np.repeat(people["individual"].values.astype(np.int64), width)).all()
            if along:
                assert (rows["minute" if is_probe else along].to_numpy() == np.tile(people[along].values, people.sizes["individual"])).all()
written = {name for name in os.listdir(tables) if name.endswith(".csv")}
assert written == checked, (written, checked)
print(f"{len(written)} tables, {seen} numbers are those of the files")
