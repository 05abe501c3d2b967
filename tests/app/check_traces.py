"""Traces against the other files of a run, or against the traces of a longer run.

check_traces.py RUN                               against individuals.h5 and results.nc of the run
check_traces.py RUN LONGER FROM_DAY [ARM [TO_DAY]]  is a part of the traces of LONGER
"""
import sys

import numpy as np
import xarray as xr


def names(data, code):
    return data[code].attrs["flag_meanings"].split()


def same(left, right, what):
    np.testing.assert_array_equal(np.asarray(left), np.asarray(right), err_msg=what)


def check_against_run(run):
    traces = xr.open_dataset(run + "/traces.nc")
    people = xr.open_dataset(run + "/individuals.h5", engine="h5netcdf")
    results = xr.open_dataset(run + "/results.nc")
    for reader in ("netcdf4", "h5netcdf"):
        assert traces.equals(xr.open_dataset(run + "/traces.nc", engine=reader)), reader
    ids = traces.individual.values
    same(ids, [0, 17, 200, 299], "individuals, ascending")
    same(traces.day, np.arange(35), "days")
    same(np.diff(traces.time.values * 288).round(9), np.ones(35 * 288 - 1), "times")
    assert names(traces, "arm") == names(people, "arm")

    # The scores and the latent state of the evenings with a questionnaire.
    own = people.sel(individual=ids)
    for score in ("ghq12", "ghq28", "hassles_7d", "life_events_13w"):
        same(traces[score], own[score], score)
    evenings = traces.sel(day=traces.assessment.values)
    same(evenings.latent, own.latent, "latent distress")
    same(evenings.symptoms, own.symptoms, "symptoms")
    last = traces.isel(day=-1)
    same(last.symptoms, own.final_symptoms, "final symptoms")
    same(last.self_control, own.final_self_control, "final self-control")
    np.testing.assert_allclose(last.control_belief.mean("stressor"), own.final_control_belief, rtol=2e-7)

    # Hormones without the error of an assay are those of the probe.
    day, onset = 20, 15 * 60
    moments = [day * 288 + (onset + minute) // 5 for minute in results.test_sample.values]
    for hormone in ("acth", "noradrenaline", "adrenaline"):
        same(traces[hormone].isel(time=moments), own["test_" + hormone], hormone)
    assert float(traces.intensity.isel(time=moments).max()) > 0

    # The means of the day are those of its moments, each of which begins a step.
    for hormone in ("cortisol", "noradrenaline"):
        after = traces[hormone].values.reshape(2, 4, 35 * 288)[:, :, 1:]
        days = after[:, :, : 34 * 288].reshape(2, 4, 34, 288).astype(float).mean(-1)
        np.testing.assert_allclose(days, traces[hormone + "_daily_mean"].values[:, :, :34], rtol=1e-5)

    # People differ, and arms do.
    assert traces.cortisol.isel(time=slice(288, None)).std("individual").min() > 0  # all begin at rest
    assert (traces.latent.sel(arm=0) != traces.latent.sel(arm=1)).any()
    for name, variable in traces.variables.items():
        assert "long_name" in variable.attrs and "units" in variable.attrs, name


def check_part(run, longer, first_day, arm=None, end_day=None):
    part, whole = xr.open_dataset(run + "/traces.nc"), xr.open_dataset(longer + "/traces.nc")
    arms = names(whole, "arm")
    if arm is not None:
        whole = whole.isel(arm=[arms.index(arm)])
    end_day = int(whole.day[-1]) + 1 if end_day is None else end_day
    same(part.day, np.arange(first_day, end_day), "days")
    whole = whole.sel(day=slice(first_day, end_day - 1), assessment=slice(first_day, end_day - 1))
    if "time" in part.dims:
        whole = whole.sel(time=slice(first_day, end_day))
        same(part.time, whole.time, "times")
    for name in part.data_vars:
        same(part[name], whole[name], name)


if __name__ == "__main__":
    if len(sys.argv) == 2:
        check_against_run(sys.argv[1])
    else:
        run, longer, first, *rest = sys.argv[1:]
        check_part(run, longer, int(first), *rest[:1], *map(int, rest[1:]))
