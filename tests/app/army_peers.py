#!/usr/bin/env python3
"""Who predicts the well-being of the soldiers (row R1): regressions by statsmodels, and the simulator.

    army_peers.py EUSTRESS SOURCE                    compares the regressions of `validate R1` with statsmodels
    army_peers.py EUSTRESS SOURCE --replicates N     prints the table of docs/studies/army-companies.md

Companies are in ten folds, as in `validate`: the n-th company is in fold n mod 10. What is predicted
for a fold comes from models that were fitted to the other nine.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import pandas as pd
import statsmodels.formula.api as smf

COLUMNS = ["cohesion", "leadership", "work_hours"]
PERSON = "well_being ~ cohesion + leadership + work_hours"
CONTEXT = PERSON + " + cohesion_g + leadership_g + work_hours_g"


def soldiers(source):
    table = pd.read_csv(os.path.join(source, "jobs/studies/data/bh1996_odd.csv"))
    for column in COLUMNS:
        table[column + "_g"] = table.groupby("company")[column].transform("mean")
    order = {company: n % 10 for n, company in enumerate(sorted(table.company.unique()))}
    table["fold"] = table.company.map(order)
    return table


def out_of_sample(table, fit):
    """fit(training) -> a function from rows to predictions."""
    predicted = np.empty(len(table))
    for fold in range(10):
        held_out = (table.fold == fold).to_numpy()
        predicted[held_out] = fit(table[~held_out])(table[held_out])
    return predicted


def r2(table, predicted):
    y = table.well_being
    return 1 - ((y - predicted) ** 2).sum() / ((y - y.mean()) ** 2).sum()


def linear(table, formula):
    return out_of_sample(table, lambda rows: smf.ols(formula, rows).fit().predict)


def multilevel(table, formula):
    # A company that was not seen has an expected intercept of 0: the fixed part predicts.
    return out_of_sample(
        table, lambda rows: smf.mixedlm(formula, rows, groups=rows.company).fit().predict)


def scores(table, predicted):
    """R2, slope of the reported on the predicted, squared correlations within and between companies."""
    company = table.groupby("company")
    y, p = table.well_being, pd.Series(predicted, index=table.index)
    y_mean, p_mean = company.well_being.transform("mean"), p.groupby(table.company).transform("mean")
    within = np.corrcoef(y - y_mean, p - p_mean)[0, 1] ** 2
    between = np.corrcoef(company.well_being.mean(), p.groupby(table.company).mean())[0, 1] ** 2
    return np.array([r2(table, p), np.polyfit(p, y, 1)[0], within, between])


def limit(of_all, without):
    """Of many replicates: luck left in a mean makes 1/R2 linear in 1/replicates."""
    n = len(without)
    return 1 / (n / of_all - (n - 1) * np.mean(1 / np.array(without), axis=0))


def simulated(eustress, source, replicates):
    """Mean well-being, GHQ-12 reversed, of half a year: replicate x soldier."""
    import h5py
    with tempfile.TemporaryDirectory() as directory:
        study = os.path.join(directory, "army.toml")
        with open(os.path.join(source, "jobs/validation/army.toml")) as file:
            text = file.read()
        data = os.path.join(os.path.abspath(source), "jobs/studies/data/bh1996_odd.csv")
        with open(study, "w") as file:
            file.write(text.replace('"bh1996_odd.csv"', json.dumps(data)))
        run = os.path.join(directory, "run")
        subprocess.run([eustress, "run", study, "--output", run, "--set", "output.individuals=true",
                        "--set", f"study.replicates={replicates}"],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        means = []
        for r in range(replicates):
            with h5py.File(os.path.join(run, "replicates", str(r), "individuals.h5")) as file:
                ghq = file["ghq12"][:]
            means.append(-ghq.reshape(-1, ghq.shape[-1]).mean(axis=1))
        return np.array(means)


def by_line(table, well_being):
    rows = table.assign(simulated=well_being)
    return linear(rows, "well_being ~ simulated")


def print_table(eustress, source, replicates):
    table = soldiers(source)
    rows = [("linear regression", scores(table, linear(table, PERSON))),
            ("linear regression with company means", scores(table, linear(table, CONTEXT))),
            ("multilevel regression", scores(table, multilevel(table, PERSON))),
            ("multilevel regression with company means", scores(table, multilevel(table, CONTEXT)))]
    each = simulated(eustress, source, replicates)
    of_all = scores(table, by_line(table, each.mean(axis=0)))
    without = [scores(table, by_line(table, np.delete(each, r, axis=0).mean(axis=0)))
               for r in range(replicates)]
    many = limit(of_all, without)
    many[1] = of_all[1]
    rows += [(f"simulator, mean of {replicates} replicates", of_all),
             ("simulator, limit of many replicates", many)]
    print("| out of sample | R2 | calibration slope | r2 within companies | r2 between companies |")
    print("|---|---:|---:|---:|---:|")
    for name, values in rows:
        print(f"| {name} | " + " | ".join(f"{value:.3f}" for value in values) + " |")


def check(eustress, source):
    with tempfile.TemporaryDirectory() as directory:
        file = os.path.join(directory, "r1.json")
        # The exit code tells of the row; here only its regressions matter.
        subprocess.run([eustress, "validate", "R1", "--scale", "0.01", "--json", file],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(file) as text:
            quantities = {q["name"]: q for q in json.load(text)["rows"][0]["quantities"]}
    table = soldiers(source)
    failed = 0
    for name, formula in [("R2 of the linear regression", PERSON),
                          ("R2 of a regression with company means", CONTEXT)]:
        own, peer = quantities[name]["simulated"], r2(table, linear(table, formula))
        is_same = abs(own - peer) < 1e-6
        print(f"{'ok' if is_same else 'FAIL'}: {name}: {own} here, {peer} by statsmodels")
        failed += not is_same
    return 1 if failed else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("eustress")
    parser.add_argument("source")
    parser.add_argument("--replicates", type=int)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    if arguments.replicates:
        print_table(arguments.eustress, arguments.source, arguments.replicates)
        return 0
    return check(arguments.eustress, arguments.source)


if __name__ == "__main__":
    sys.exit(main())
