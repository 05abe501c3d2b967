#!/usr/bin/env python3
"""The point at which a linear model of a calibration's log, corrected for the size of its runs, meets all
targets with the largest margin.

    corrected.py sizes SMALL.json FULL.json FILE.toml > FILE.sizes.json
    corrected.py point FILE.toml

A calibration simulates few people at many points, and few people are not all people: what they show
differs from what many show by as much at one point as at another, since people and their luck are the
same at all points. `sizes` takes that difference from two results of `eustress validate --json` with the
same parameters, one of as many people as the calibration has (--scale) and one of --full. `point` adds it
to what the log beside the file says, fits a linear model (ridge regression on the box of the ranges) to
every quantity, and solves the linear programme: largest margin t, at which every quantity is t errors
inside of its band, over the box. The error of a quantity is that of the full size or of the linear model,
whichever is larger. Prints the point as sections of a study file. Needs numpy and scipy.
"""

import json
import pathlib
import sys
import tomllib

RIDGE = 0.3
LARGEST_MARGIN = 3.0


def targets_of(plan):
    """(row, names of its quantities or None for all) in the order of the file."""
    return [(t["row"], t.get("quantities")) for t in plan["target"]]


def sizes(small, full, plan):
    small, full = ({row["id"]: row for row in json.loads(pathlib.Path(path).read_text())["rows"]}
                   for path in (small, full))
    rows = []
    for row, names in targets_of(plan):
        for few, many in zip(small[row]["quantities"], full[row]["quantities"], strict=True):
            rows.append({"row": row, "name": many["name"],
                         "is_target": names is None or many["name"] in names,
                         "low": many["low"], "high": many["high"],
                         "small": few["simulated"], "full": many["simulated"],
                         "standard_error": many["standard_error"]})
    print("[\n" + ",\n".join(" " + json.dumps(row) for row in rows) + "\n]")


def point(plan, log, quantities):
    import numpy as np
    from scipy.optimize import linprog

    entries = [json.loads(line) for line in log.read_text().splitlines()]
    keys = entries[0]["keys"]
    runs = [e for e in entries[1:] if e["rows"] == "targets" and len(e["values"]) == len(keys)]
    low, high = (np.array([float(p[end]) for p in plan["parameter"]]) for end in ("low", "high"))
    middle, half = (low + high) / 2, (high - low) / 2
    places = (np.array([e["values"] for e in runs]) - middle) / half
    measured = np.array([[q[0] for row in e["measured"] for q in row] for e in runs], dtype=float)
    is_target = [q["is_target"] for q in quantities]  # the log has all quantities of a row
    measured, quantities = measured[:, is_target], [q for q in quantities if q["is_target"]]
    measured += [q["full"] - q["small"] for q in quantities]

    columns = np.column_stack([np.ones(len(runs)), places])
    penalty = RIDGE * np.diag([0.0] + [1.0] * len(keys))
    model = np.linalg.solve(columns.T @ columns + penalty, columns.T @ measured)
    off = np.sqrt(np.mean((measured - columns @ model) ** 2, axis=0))
    error = np.maximum(off, [q["standard_error"] or 0.0 for q in quantities])

    above, limit = [], []
    for i, q in enumerate(quantities):
        for end, sign in ((q["low"], -1.0), (q["high"], 1.0)):
            if end is not None:
                above.append([*(sign * model[1:, i]), error[i]])
                limit.append(sign * (end - model[0, i]))
    best = linprog([0.0] * len(keys) + [-1.0], A_ub=above, b_ub=limit,
                   bounds=[(-1.0, 1.0)] * len(keys) + [(None, LARGEST_MARGIN)])
    place = best.x[:-1]
    print(f"# {len(runs)} points; every target is met with a margin of {best.x[-1]:.2f} errors or more")
    for q, value, e in zip(quantities, model[0] + place @ model[1:], error):
        if value - e * (best.x[-1] + 1) < (q["low"] or -1e300) or (
                q["high"] is not None and value + e * (best.x[-1] + 1) > q["high"]):
            print(f"# tight: {q['row']} {q['name']} {value:.4g} of {q['low']} to {q['high']}")
    section = None
    for key, value in sorted(zip(keys, middle + half * place), key=lambda kv: kv[0].rpartition(".")[0]):
        own, _, name = key.rpartition(".")
        if own != section:
            print(f"\n[{own}]")
        section = own
        print(f"{name} = {value:.3g}")


def main():
    if len(sys.argv) == 5 and sys.argv[1] == "sizes":
        sizes(sys.argv[2], sys.argv[3], tomllib.loads(pathlib.Path(sys.argv[4]).read_text()))
    elif len(sys.argv) == 3 and sys.argv[1] == "point":
        path = pathlib.Path(sys.argv[2])
        point(tomllib.loads(path.read_text()), path.with_suffix(".log.jsonl"),
              json.loads(path.with_suffix(".sizes.json").read_text()))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
