"""check_outcomes.py EUSTRESS: outcomes of results.nc against statsmodels and NumPy.

Runs a small study that writes individuals.h5 and computes from its rows, with other people's
code, what the program computed from its sums.
"""

import pathlib
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import statsmodels.api as sm
import xarray as xr
from statsmodels.duration.survfunc import SurvfuncRight

STUDY = """
[study]
name = "outcomes"
days = 182
seed = 5
[population]
individuals = 280
[exposure]
traumatic_events_per_y = 4
minor_events_per_y = 12
[mental_health]
depression_threshold = 0.8
ptsd_threshold = 0.25
recovery_rate_per_d = 0.1
[output]
individuals = true
strata = ["sex"]
[outcomes]
event = "first_traumatic"
window = 6
bin_d = 28
bins = 4
threshold = 26
early_to_d = 28
late_from_d = 56
late_to_d = 112
exposure = "EXPOSURE"
[[arm]]
name = "trained"
[arm.set]
"coping.engage_rate_per_min" = 0.3
"""
WINDOW, BIN, BINS, THRESHOLD, EVERY = 6, 28, 4, 26.0, 7

compared = 0


def close(name, got, expected, tolerance):
    global compared
    got, expected = np.asarray(got, float), np.asarray(expected, float)
    assert got.shape == expected.shape, (name, got.shape, expected.shape)
    assert np.all(np.isfinite(expected)), (name, expected)
    error = np.abs(got - expected)
    scale = np.maximum(1.0, np.abs(expected))
    assert np.all(error <= tolerance * scale), f"{name}: {got} and {expected}"
    compared += got.size


def z(x):
    return (x - x.mean()) / x.std()


def ols(y, *columns):
    return sm.OLS(y.ravel(), sm.add_constant(np.column_stack([c.ravel() for c in columns]))).fit()


def random_intercept_icc(x):
    """Of a balanced mixed model by REML, which ICC(1) of an analysis of variance equals."""
    persons = np.repeat(np.arange(x.shape[0]), x.shape[1])
    y = z(x).ravel()
    fit = sm.MixedLM(y, np.ones((y.size, 1)), groups=persons).fit(reml=True)
    between = float(np.asarray(fit.cov_re)[0, 0])
    return between / (between + fit.scale)


def lagged(x, lag):
    return np.corrcoef(x[:, :-lag].ravel(), x[:, lag:].ravel())[0, 1]


def sliding(x):
    return np.lib.stride_tricks.sliding_window_view(x, WINDOW, axis=1).mean(axis=2)


def exposure_of(h, v, kind):
    return h + v if kind == "sum" else (z(h) + z(v)) / 2


def check_reactivity(at, p, h, v, factors, kind):
    zp, ze = z(p), z(exposure_of(h, v, kind))
    fit = ols(zp, ze)
    close("slope", at("sr_slope"), fit.params[1], 1e-9)
    close("correlation", at("sr_correlation"), np.corrcoef(zp.ravel(), ze.ravel())[0, 1], 1e-9)
    close("curvature", at("sr_curvature"), ols(zp, ze, ze**2).params[2], 1e-7)
    dummies = np.repeat(np.eye(len(p)), p.shape[1], axis=0)
    within = sm.OLS(zp.ravel(), np.column_stack([ze.ravel(), dummies])).fit()
    close("within", at("sr_slope_within"), within.params[0], 1e-8)
    mp, me = zp.mean(axis=1), ze.mean(axis=1)
    close("between", at("sr_slope_between"), ols(mp, me).params[1], 1e-9)
    close("long term", at("sr_slope_long_term"), ols(z(mp), z(me)).params[1], 1e-9)

    sr = fit.resid.reshape(p.shape)
    for name, x in (("p", zp), ("e", ze), ("single", sr)):
        close(f"icc {name}", at(f"sr_icc_{name}"), random_intercept_icc(x), 2e-4)
    wp, we = z(sliding(zp)), z(sliding(ze))
    window = ols(wp, we)
    close("window", at("sr_slope_window"), window.params[1], 1e-9)
    close("icc window", at("sr_icc_window"),
          random_intercept_icc(window.resid.reshape(wp.shape)), 2e-4)
    for name, x in (("p", zp), ("e", ze), ("sr", sr)):
        close(f"lags {name}", at(f"sr_lag_{name}"), [lagged(x, k) for k in (1, 2, 3, 4)], 1e-9)

    long_term = ols(z(mp), z(me)).resid
    close("factors", at("factor_sr_correlation"),
          [np.corrcoef(f, long_term)[0, 1] for f in factors], 2e-5)
    close("r2", at("factor_sr_r2"), ols(long_term, *factors).rsquared, 1e-4)


def check_clock(at, p, event_day):
    days = EVERY * np.arange(1, p.shape[1] + 1) - 1
    since = days[None, :] - event_day[:, None]
    has = event_day >= 0
    bins = np.where(since < 0, 0, np.minimum(1 + since // BIN, BINS))
    early, late = (since >= 0) & (since < 28), (since >= 56) & (since < 112)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        ill_early = (p * early).sum(1) / early.sum(1) >= THRESHOLD
        ill_late = (p * late).sum(1) / late.sum(1) >= THRESHOLD
    whole = has & early.any(1) & late.any(1)
    classes = [whole & ~ill_early & ~ill_late, whole & ill_early & ~ill_late,
               whole & ill_early & ill_late, whole & ~ill_early & ill_late, ~has, has & ~whole]
    close("trajectories", at("trajectory_count"), [c.sum() for c in classes], 0)
    for k, members in enumerate(classes):
        for b in range(BINS + 1):
            here = p[members & has][bins[members & has] == b]
            close("course count", at("trajectory_ghq_count")[k, b], here.size, 0)
            if here.size:
                close("course", at("trajectory_ghq_mean")[k, b], here.mean(), 1e-12)

    y, b = p[has], bins[has]
    dummies = np.repeat(np.eye(len(y)), y.shape[1], axis=0)
    design = np.column_stack([b.ravel() == k for k in range(1, BINS + 1)] + [dummies]).astype(float)
    fit = sm.OLS(y.ravel(), design).fit()
    close("event study", at("event_study_coefficient")[1:], fit.params[:BINS], 1e-8)
    close("its errors", at("event_study_se")[1:], fit.bse[:BINS], 1e-8)
    sd = np.sqrt(((y - y.mean(1, keepdims=True)) ** 2).sum() / (y.size - len(y)))
    close("within sd", at("event_study_within_sd"), sd, 1e-10)
    close("in sd", at("event_study_coefficient_sd")[1:], fit.params[:BINS] / sd, 1e-8)
    close("events", at("event_study_persons"), has.sum(), 0)


def check_recovery(at, disorder, onset, end, days):
    ill = onset >= 0
    assert ill.sum() > 20 and (end[ill] >= 0).sum() > 10, (disorder, ill.sum())
    time = np.where(end >= 0, end, days - 1) - onset
    fit = SurvfuncRight(time[ill], (end[ill] >= 0).astype(int))
    at_days = fit.surv_times.astype(int)
    close("survival", at(f"recovery_{disorder}_survival")[at_days], fit.surv_prob, 1e-12)
    close("at risk", at(f"recovery_{disorder}_at_risk")[at_days], fit.n_risk, 0)
    good = fit.surv_prob > 0
    close("its error", at(f"recovery_{disorder}_se")[at_days[good]], fit.surv_prob_se[good], 1e-10)


def check(results, people, kind):
    days = int(results["recovery_day"].size)
    factors = [people[name].values.astype(float) for name in
               results["factor"].attrs["flag_meanings"].split()]
    strata = people["stratum"].values
    first = people.isel(arm=0)
    norms = []
    for arm in (0, 1):
        rows = people.isel(arm=arm)
        p_all, h_all, v_all = (rows[n].values.astype(float) for n in
                               ("ghq28", "hassles_7d", "life_events_13w"))
        fit = ols(z(p_all), z(exposure_of(h_all, v_all, kind)))
        sr_all = (fit.resid / fit.resid.std()).reshape(p_all.shape)
        norms.append(sr_all)
        for stratum in range(3):
            members = (strata == stratum) | (stratum == 0)
            at = lambda name: results[name].values[arm, stratum]
            close("mean SR", at("sr_mean"), sr_all[members].mean(), 1e-9)
            check_reactivity(at, p_all[members], h_all[members], v_all[members],
                             [f[members] for f in factors], kind)
            check_clock(at, p_all[members], rows["event_day"].values[members])
            for disorder in ("depression", "ptsd"):
                check_recovery(at, disorder, rows[f"{disorder}_onset_day"].values[members],
                               rows[f"{disorder}_end_day"].values[members], days)
            mine = p_all[members].mean(1)
            change = mine - first["ghq28"].values[members].mean(1)
            close("outcome", at("outcome_mean_ghq_mean"), mine.mean(), 1e-12)
            close("its sd", at("outcome_mean_ghq_sd"), mine.std(), 1e-10)
            close("effect", at("effect_mean_ghq_mean"), change.mean(), 1e-10)
            close("its sd", at("effect_mean_ghq_sd"), change.std(), 1e-10)
            close("improved", at("effect_mean_ghq_improved"), (change < 0).sum(), 0)
            close("worsened", at("effect_mean_ghq_worsened"), (change > 0).sum(), 0)
            ever = (rows["depression_onset_day"].values[members] >= 0).astype(float)
            close("ever", at("outcome_ever_depressed_mean"), ever.mean(), 1e-12)
    close("reference norm", results["sr_reference_mean"].values[0, 0], norms[0].mean(), 1e-9)


program = sys.argv[1]
with tempfile.TemporaryDirectory() as scratch:
    for exposure in ("z_mean", "sum"):
        study = pathlib.Path(scratch, "study.toml")
        study.write_text(STUDY.replace("EXPOSURE", exposure))
        output = f"{scratch}/{exposure}"
        subprocess.run([program, "run", study, "-o", output, "--quiet"], check=True)
        with xr.open_dataset(f"{output}/results.nc", engine="netcdf4") as results, \
                xr.open_dataset(f"{output}/individuals.h5", engine="h5netcdf") as people:
            check(results, people, exposure)
print(f"{compared} numbers agree")
