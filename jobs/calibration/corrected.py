#!/usr/bin/env python3
"""The point at which a linear model of a calibration meets all targets with the largest margin.

    corrected.py add FILE.toml RESULT.json [key=value ...]
    corrected.py point FILE.toml

A calibration simulates few people at many points, and few people are not all people. But they and their luck
are the same at all points, so what they show between points is what many would show. `point` takes the slopes
of every quantity from the log beside the file (FILE.log.jsonl: ridge regression on the box of the ranges) and
the values from FILE.full.json: runs of `eustress validate --full`, the first of which the model goes through;
every further one corrects the slopes so that it goes through that too (Broyden 1965, doi
10.1090/S0025-5718-1965-0198670-6). Then it solves the linear programme: largest margin t, at which every
quantity is t errors inside of its band, in the box and near the first run (REACH). The error of a quantity is
that of the full size or that of the regression at points that are left out, whichever is larger, but no more
than a quarter of the band. Prints the point as sections of a study file. `add` appends a result of `eustress
validate --full --json` to FILE.full.json: its values are those of its --set, and for keys that it left at
their defaults those given here. Needs numpy and scipy.
"""

import json
import pathlib
import sys
import tomllib

RIDGE = 0.3
REACH = 0.3  # share of the half range by which the point may lie off the first run
LARGEST_MARGIN = 3.0


def targets_of(plan):
    """(row, names of its quantities or None for all) in the order of the file."""
    return [(t["row"], t.get("quantities")) for t in plan["target"]]


def add(path, plan, result, pairs):
    values = dict(pair.split("=") for pair in [*pairs, *result["overrides"]])
    of_row = {row["id"]: row for row in result["rows"]}
    quantities, measured = [], []
    for row, names in targets_of(plan):
        for q in of_row[row]["quantities"]:
            quantities.append({"row": row, "name": q["name"], "is_target": names is None or q["name"] in names,
                               "low": q["low"], "high": q["high"], "standard_error": q["standard_error"]})
            measured.append(q["simulated"])
    full = json.loads(path.read_text()) if path.exists() else {"quantities": quantities, "points": []}
    full["points"].append({"values": [float(values[p["key"]]) for p in plan["parameter"]], "measured": measured})
    lines = [",\n".join("  " + json.dumps(entry) for entry in full[part]) for part in ("quantities", "points")]
    path.write_text('{"quantities": [\n%s\n ],\n "points": [\n%s\n]}\n' % tuple(lines))


def point(plan, log, full):
    import numpy as np
    from scipy.optimize import linprog

    keys = [p["key"] for p in plan["parameter"]]
    first, *entries = map(json.loads, log.read_text().splitlines())
    if first["keys"] != keys:
        sys.exit(f"{log} has other parameters, or in another order")
    runs = [entry for entry in entries if entry["rows"] == "targets" and entry["values"]]
    low, high = (np.array([float(p[end]) for p in plan["parameter"]]) for end in ("low", "high"))
    middle, half = (low + high) / 2, (high - low) / 2
    is_target = [q["is_target"] for q in full["quantities"]]  # of a row, all quantities are measured
    quantities = [q for q in full["quantities"] if q["is_target"]]
    places = (np.array([run["values"] for run in runs]) - middle) / half
    measured = np.array([[q[0] for row in run["measured"] for q in row] for run in runs], dtype=float)
    measured = measured[:, is_target]

    columns = np.column_stack([np.ones(len(runs)), places])
    penalty = RIDGE * np.diag([0.0] + [1.0] * len(keys))
    solve = np.linalg.solve(columns.T @ columns + penalty, columns.T)
    model = solve @ measured
    weight = np.diag(columns @ solve)  # of a point in its own prediction
    left_out = (measured - columns @ model) / (1.0 - weight)[:, None]
    error = np.maximum(np.sqrt(np.mean(left_out**2, axis=0)), [q["standard_error"] or 0.0 for q in quantities])
    widths = [np.inf if None in (q["low"], q["high"]) else q["high"] - q["low"] for q in quantities]
    error = np.minimum(error, np.array(widths) / 4)
    slopes = model[1:].T

    steps = (np.array([run["values"] for run in full["points"]]) - middle) / half
    shown = np.array([run["measured"] for run in full["points"]], dtype=float)[:, is_target]
    for step, value in zip(steps[1:] - steps[0], shown[1:] - shown[0]):
        slopes = slopes + np.outer(value - slopes @ step, step) / (step @ step)

    above, limit = [], []
    for slope, start, e, q in zip(slopes, shown[0] - slopes @ steps[0], error, quantities):
        for end, sign in ((q["low"], -1.0), (q["high"], 1.0)):
            if end is not None:
                above.append([*(sign * slope), e])
                limit.append(sign * (end - start))
    bounds = [(max(-1.0, at - REACH), min(1.0, at + REACH)) for at in steps[0]]
    best = linprog([0.0] * len(keys) + [-1.0], A_ub=above, b_ub=limit,
                   bounds=bounds + [(None, LARGEST_MARGIN)])
    place, margin = best.x[:-1], best.x[-1]
    print(f"# {len(runs)} points and {len(steps)} of the full size; every target is met with a margin of "
          f"{margin:.2f} errors or more")
    for q, value, e in zip(quantities, shown[0] + slopes @ (place - steps[0]), error):
        inside = min(value - q["low"] if q["low"] is not None else np.inf,
                     q["high"] - value if q["high"] is not None else np.inf)
        if inside < e * (margin + 1):
            print(f"# tight: {q['row']} {q['name']} {value:.4g} of {q['low']} to {q['high']}, error {e:.2g}")
    section = None
    for key, value in sorted(zip(keys, middle + half * place), key=lambda kv: kv[0].rpartition(".")[0]):
        own, _, name = key.rpartition(".")
        if own != section:
            print(f"\n[{own}]")
        section = own
        print(f"{name} = {value:.3g}")


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    path = pathlib.Path(sys.argv[2])
    plan, full = tomllib.loads(path.read_text()), path.with_suffix(".full.json")
    if sys.argv[1] == "add" and len(sys.argv) > 3:
        add(full, plan, json.loads(pathlib.Path(sys.argv[3]).read_text()), sys.argv[4:])
    elif sys.argv[1] == "point" and len(sys.argv) == 3:
        point(plan, path.with_suffix(".log.jsonl"), json.loads(full.read_text()))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
