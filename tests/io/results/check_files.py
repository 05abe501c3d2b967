"""check_files.py DIRECTORY ENGINE: the sample files through xarray, value by value.

The formulas are those of samples.cpp.
"""

import importlib
import sys
import warnings

import numpy as np
import xarray as xr

# Now, as warnings are not errors yet.
importlib.import_module({"netcdf4": "netCDF4", "h5netcdf": "h5netcdf"}[sys.argv[2]])

PEOPLE = 200
ARMS = 2
SERIES_SCALE = {
    "hassles": 256, "encounters": 8, "prediction_error": 4, "cortisol": 64, "depressed": 1,
    "self_efficacy": 16,
}
ANALYTES = ["cortisol", "acth", "noradrenaline", "adrenaline"]
ASSESSED = ["ghq12", "ghq28", "hassles_7d", "life_events_13w", "symptoms", "latent"]
STUDY = '[study]\nname = "sample"  # µ\n'

# A warning of a reader (an undecodable attribute, say) is a defect of the file.
warnings.simplefilter("error")
for harmless in (DeprecationWarning, ImportWarning, PendingDeprecationWarning):
    warnings.simplefilter("ignore", harmless)


def strata_of(person):
    return [np.ones_like(person, bool), person % 2 == 0, person % 2 == 1]


def check_common(ds, content):
    attrs = ds.attrs
    assert attrs["Conventions"] == "CF-1.11"
    assert attrs["title"] == 'Übung: "two arms"', attrs["title"]
    assert attrs["study"] == STUDY
    assert attrs["eustress_content"] == content
    assert int(attrs["complete"]) == 1 and list(attrs)[-1] == "complete"
    assert int(attrs["seed"]) == 0xFEDCBA9876543210
    assert int(attrs["replicate"]) == 2 and int(attrs["individuals"]) == PEOPLE
    assert int(attrs["schema_version"]) == 1
    assert attrs["arm_names"] == "reference, early.training"
    assert attrs["stratum_names"] == "all, sex_0, sex_1"
    assert len(attrs["study_sha256"]) == 64
    assert not any(word in attrs for word in ("host", "ranks", "threads", "history"))
    assert ds["arm"].attrs["flag_meanings"] == "reference early.training"
    assert list(ds["arm"].attrs["flag_values"]) == [0, 1]
    assert ds["arm"].dtype == np.int32 and list(ds["arm"]) == [0, 1]
    assert list(ds["assessment"]) == [6, 9]
    assert ds["assessment"].dtype == np.int32, "days must stay numbers"
    assert list(ds["tsst_sample"]) == [-30, 0, 10, 45]
    assert ds["tsst_sample"].attrs["units"] == "min"
    assert list(ds["p2_dex_crh_sample"]) == [0, 60]
    for name, variable in ds.variables.items():
        assert variable.attrs.get("units") and variable.attrs.get("long_name"), name
        assert not name.startswith("phony"), name
        assert not any("Netcdf4" in a or a in ("CLASS", "NAME") for a in variable.attrs), name
        if variable.dtype.kind == "f" and name not in ds.dims:
            assert np.isnan(variable.encoding["_FillValue"]), name


def check_series(ds):
    person = np.arange(PEOPLE)
    names = [n[len("series_"):-len("_mean")] for n in ds if n.startswith("series_")
             and n.endswith("_mean")]
    assert len(names) == 26 and names[0] == "hassles" and names[-1] == "ptsd_onset"
    assert list(ds["day"]) == [0, 3, 6, 9]
    for name, scale in SERIES_SCALE.items():
        q = names.index(name)
        mean = ds[f"series_{name}_mean"]
        sd = ds[f"series_{name}_sd"]
        count = ds[mean.attrs["ancillary_variables"]]
        assert mean.dims == ("arm", "stratum", "day") == sd.dims == count.dims
        for arm in range(ARMS):
            for s, inside in enumerate(strata_of(person)):
                for t, first in enumerate([0, 3, 6, 9]):
                    values = []
                    for day in range(first, min(first + 3, 10)):
                        who = person[inside]
                        if name == "prediction_error":
                            who = who[(who < 150) & (day > 0)]
                        values.append(scale * ((who * 7 + day * 3 + q * 5 + arm) % 16) / 16)
                    values = np.concatenate(values)
                    at = dict(arm=arm, stratum=s, day=first)
                    assert int(count.sel(at)) == values.size, (name, at)
                    np.testing.assert_allclose(float(mean.sel(at)), values.mean(), rtol=1e-9)
                    np.testing.assert_allclose(float(sd.sel(at)), values.std(), rtol=1e-6)


def check_graded(ds, prefix, name, samples, formula, bin_width):
    person = np.arange(PEOPLE)
    mean, sd = ds[f"{prefix}_{name}_mean"], ds[f"{prefix}_{name}_sd"]
    quantile = ds[f"{prefix}_{name}_quantile"]
    assert quantile.dims == mean.dims + ("quantile",)
    count = ds[mean.attrs["ancillary_variables"]]
    for arm in range(ARMS):
        for s, inside in enumerate(strata_of(person)):
            for i in range(samples):
                values = formula(person[inside], i, arm)
                at = dict(arm=arm, stratum=s)
                at[mean.dims[2]] = i
                assert int(count.isel(at)) == values.size
                np.testing.assert_allclose(float(mean.isel(at)), values.mean(), rtol=1e-6)
                np.testing.assert_allclose(float(sd.isel(at)), values.std(), rtol=1e-5)
                # The quantile lies in the bin of the value with that rank.
                for k, p in enumerate([0.05, 0.25, 0.5, 0.75, 0.95]):
                    ranked = np.sort(values)[int(np.ceil(p * values.size)) - 1]
                    assert abs(float(quantile.isel(at)[k]) - ranked) <= bin_width * 1.001


def check_results(ds):
    check_common(ds, "results")
    check_series(ds)
    np.testing.assert_array_equal(ds["quantile"], [0.05, 0.25, 0.5, 0.75, 0.95])
    ranges = {"ghq12": (-0.5, 40.46875), "ghq28": (-0.5, 95.5), "hassles_7d": (-0.5, 511.5),
              "life_events_13w": (-0.5, 63.5), "symptoms": (0, 32), "latent": (-8, 24)}
    for q, name in enumerate(ASSESSED):
        low, high = ranges[name]
        width = (high - low) / 512

        def formula(person, i, arm, q=q):
            return ((person * 3 + q + i + arm) % 20).astype(float)

        check_graded(ds, "assessed", name, 2, formula, width)
        histogram = ds[f"assessed_{name}_histogram"]
        assert histogram.dims == ("arm", "stratum", "bin") and histogram.dtype == np.int64
        middles = ds[f"{name}_value"]
        assert f"{name}_value" in histogram.coords, "the bins are coordinates of the histogram"
        for arm in range(ARMS):
            for s, inside in enumerate(strata_of(np.arange(PEOPLE))):
                values = formula(np.arange(PEOPLE)[inside], 1, arm)
                expected, edges = np.histogram(values, bins=512, range=(low, high))
                np.testing.assert_array_equal(histogram[arm, s], expected)
                np.testing.assert_allclose(middles, (edges[1:] + edges[:-1]) / 2)
    for p, (probe, samples) in enumerate([("tsst", 4), ("p2_dex_crh", 2)]):
        for a, analyte in enumerate(ANALYTES):

            def formula(person, i, arm, p=p, a=a):
                return ((person + 2 * i + 3 * a + p + arm) % 10) / 2.0

            check_graded(ds, f"probe_{probe}", analyte, samples, formula,
                         {"cortisol": 32, "acth": 64}.get(analyte, 16) / 512)


def check_individuals(ds):
    check_common(ds, "individuals")
    person = np.arange(PEOPLE)
    assert ds["individual"].dtype == np.uint64
    np.testing.assert_array_equal(ds["individual"], person)
    types = {"age": "f4", "sex": "i2", "group": "i4", "stratum": "i4", "social_support": "f4",
             "reported": "f4", "ghq12": "i2", "symptoms": "f4", "final_symptoms": "f4",
             "tsst_acth": "f4"}
    for name, kind in types.items():
        assert ds[name].dtype == np.dtype(kind), (name, ds[name].dtype)
    order = ["individual", "age", "sex", "group", "stratum", "social_support",
             "social_integration", "socioeconomic_resources", "self_efficacy", "optimism",
             "positive_appraisal", "emotional_stability", "executive_capacity", "fitness",
             "sleep_quality", "gr_sensitivity", "noradrenergic_reactivity", "reward_sensitivity",
             "early_adversity", "reported", *ASSESSED, "final_symptoms", "final_self_control",
             "final_control_belief", "event_day", "depression_onset_day", "depression_end_day",
             "ptsd_onset_day", "ptsd_end_day", *(f"tsst_{a}" for a in ANALYTES),
             *(f"p2_dex_crh_{a}" for a in ANALYTES)]
    assert set(order[1:]) == set(ds.data_vars)
    for c, name in enumerate(order[1:], start=1):
        data = ds[name]
        dims = data.dims
        per_arm = dims[0] == "arm"
        width = data.shape[-1] if dims[-1] not in ("arm", "individual") else 1
        for arm in range(ARMS if per_arm else 1):
            got = data.values[arm] if per_arm else data.values
            got = got.reshape(PEOPLE, width)
            expected = ((person[:, None] * 3 + c + np.arange(width) + 50 * arm) % 100).astype(float)
            if data.dtype == np.float32:
                expected += 0.25
            if name == "group":
                expected[person % 7 == 0] = -1
            if name == "reported":
                expected[person % 5 == 0] = np.nan
            np.testing.assert_array_equal(got, expected, err_msg=f"{name} arm {arm}")
    assert ds["ghq12"].dims == ("arm", "individual", "assessment")
    assert ds["final_symptoms"].dims == ("arm", "individual")
    assert ds["tsst_cortisol"].dims == ("arm", "individual", "tsst_sample")
    # What users do: select by label.
    assert int(ds["ghq12"].sel(individual=7, arm=1, assessment=9)) == (7 * 3 + 20 + 1 + 50) % 100


directory, engine = sys.argv[1:]
with xr.open_dataset(f"{directory}/results.nc", engine=engine) as results:
    check_results(results)
with xr.open_dataset(f"{directory}/individuals.h5", engine=engine) as individuals:
    check_individuals(individuals)
