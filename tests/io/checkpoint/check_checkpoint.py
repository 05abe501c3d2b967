"""check_checkpoint.py FILE ENGINE: the sample checkpoint through xarray, value by value.

The formulas are those of samples.hpp.
"""

import hashlib
import importlib
import sys
import warnings

import numpy as np
import xarray as xr

path, engine = sys.argv[1:]
# Now, as warnings are not errors yet.
importlib.import_module({"netcdf4": "netCDF4", "h5netcdf": "h5netcdf"}[engine])
warnings.simplefilter("error")
for harmless in (DeprecationWarning, ImportWarning, PendingDeprecationWarning):
    warnings.simplefilter("ignore", harmless)

INDIVIDUALS = 4 * 64 + 3

with xr.open_dataset(path, engine=engine) as ds:
    attrs = ds.attrs
    assert attrs["eustress_content"] == "checkpoint" and int(attrs["format_version"]) == 2
    assert int(attrs["days_done"]) == 12 and int(attrs["individuals"]) == INDIVIDUALS
    assert int(attrs["slice"]) == 0 and int(attrs["first_block"]) == 0 and int(attrs["blocks"]) == 5
    assert attrs["arm_names"] == "reference, early training"
    assert attrs["study"].startswith("[study]") and "\u00b5" in attrs["study"]
    assert attrs["study_sha256"] == hashlib.sha256(attrs["study"].encode()).hexdigest()
    assert int(attrs["complete"]) == 1 and list(attrs)[-1] == "complete"
    assert ds["individual"].dtype == np.uint64
    np.testing.assert_array_equal(ds["individual"], np.arange(INDIVIDUALS))
    np.testing.assert_array_equal(ds["block"], np.arange(5))
    ids = np.arange(INDIVIDUALS)
    columns = [name for name in ds.data_vars if ds[name].dims == ("arm", "individual")]
    assert len(columns) == len(ds.data_vars) - 3 and len(columns) > 100
    # Readers may sort the names; the value says which column it is.
    seen = set()
    for name in columns:
        variable = ds[name]
        assert variable.dtype == np.float64 and variable.attrs["units"], name
        assert variable.attrs["long_name"], name
        assert np.isnan(variable.encoding["_FillValue"]), name
        for arm in range(2):
            rest = variable.values[arm] - arm * 1e9 - ids * 1e3 - 12 / 1024
            c = int(rest[0])
            seen.add(c)
            expected = np.full(INDIVIDUALS, c, float)
            plain = np.ones(INDIVIDUALS, bool)
            if c in (3, 4, 5):
                plain = ids % 10 != c - 2
                special = variable.values[arm][~plain]
                assert np.isnan(special).all() if c == 3 else (np.abs(special) < 1e-300).all()
            np.testing.assert_array_equal(rest[plain], expected[plain], err_msg=name)
    assert seen == set(range(len(columns)))
    assert ds["record"].dims == ("block", "number")
    np.testing.assert_array_equal(ds["record"].values.ravel(), np.arange(35) + 0.25)
    assert ds["sums"].dims == ("arm", "cell") and ds["sums"].dtype == np.int64
    expected = -(2**63) + 12345678901 * np.arange(1, 23, dtype=object)
    assert ds["sums"].values.ravel().tolist() == expected.tolist()
    assert ds["block_hash"].dtype == np.uint64 and ds["block_hash"].dims == ("block",)
