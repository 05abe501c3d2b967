#!/usr/bin/env python3
"""bench_numerics at its small size: the oracles agree, the scheme has its order and its error, edges
off the grid and single precision are told from it, and the page gets its tables and figures.
    numerics.py BENCH_NUMERICS EUSTRESS PAGE"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import xml.dom.minidom

bench, eustress, page = (os.path.abspath(path) for path in sys.argv[1:])
failures = []


def check(what, holds, shown):
    print(f"{'ok  ' if holds else 'FAIL'} {what}: {shown}")
    if not holds:
        failures.append(what)


def within(what, value, low, high):
    check(f"{what} in [{low:g}, {high:g}]", value is not None and low <= value <= high, value)


os.environ.update(OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
with tempfile.TemporaryDirectory() as scratch:
    os.chdir(scratch)
    for name, step in (("five.json", "5"), ("half.json", "2.5")):
        subprocess.run([eustress, "validate", "E1", "E2", "E3", "E16", "--quiet", "--set",
                        f"numerics.dt_min={step}", "--json", name], check=True)
    shutil.copy(page, "numerics.md")
    subprocess.run([bench, "--small", "--json", "found.json", "--targets", "five.json", "half.json",
                    "--page", "."], check=True)
    found = json.load(open("found.json"))
    text = open("numerics.md").read()
    figures = ["work-precision.svg", "convergence.svg", "step.svg"]
    for figure in figures:
        xml.dom.minidom.parse(os.path.join("figures", "numerics", figure))
    unknown = subprocess.run([bench, "--smal"], capture_output=True, text=True)

for row in found["oracle"]:
    check(f"{row['rates']}: two solvers agree to 1e-10", row["cvode_less_odeint"] < 1e-10,
          row["cvode_less_odeint"])
for row in found["identity"]:
    check(f"{row['rates']}: the scheme written out is the program's",
          row["scheme_less_reference"] < 1e-12, row["scheme_less_reference"])
    check(f"{row['rates']}: the block kernel is its reference", row["kernel_less_reference"] < 1e-8,
          row["kernel_less_reference"])


def ladder(rows, rates, variation):
    rungs = [row for row in rows if row["rates"] == rates and row["variation"] == variation]
    assert [row["step_min"] for row in rungs] == [5, 2.5, 1.25, 0.625], (rates, variation)
    return rungs


# Largest error at 5 min. Measured with these persons 3.4e-5 with a smooth drive, and 2.6e-3 with the
# default one, in the first steps of pulses (C2), when the drive rises several fold at once; there the
# order comes near to 4 with short steps only (3.59, 3.79, 3.91).
for rates, bar, least_order in (("karin2020", 1e-4, 3.7), ("acute", 3e-3, 3.5)):
    held = ladder(found["convergence"], rates, "glands held")
    for row in held[1:]:
        within(f"{rates}: order at {row['step_min']} min", row["order"], least_order, 4.5)
    full = ladder(found["convergence"], rates, "H7")
    check(f"{rates}: error at 5 min below {bar:g}", full[0]["error"] < bar, full[0]["error"])
    check(f"{rates}: error falls to .625 min", full[3]["error"] < full[0]["error"] / 10,
          full[3]["error"])
    classical = ladder(found["convergence"], rates, "glands held, classical CRH")
    check(f"{rates}: classical steps for CRH are worse at 5 min",
          classical[0]["error"] > 3 * held[0]["error"], classical[0]["error"])
    # What the order is told from: edges off the grid are of first order.
    snapped = ladder(found["snapping"], rates, "edges moved to the grid")
    mean_order = sum(row["order"] for row in snapped[1:]) / 3
    within(f"{rates}: order of edges off the grid", mean_order, 0.6, 1.8)
    check(f"{rates}: edges off the grid dominate", snapped[0]["error"] > 50 * full[0]["error"],
          snapped[0]["error"])
    # Tighter tolerances: less error, more work.
    for solver in ("Boost.odeint dopri5", "CVODE Adams", "CVODE BDF"):
        rows = [row for row in found["work_precision"]
                if row["rates"] == rates and row["solver"] == solver]
        check(f"{rates}: {solver} converges", len(rows) == 6 and rows[-1]["error"] < 1e-6
              and rows[-1]["error"] < rows[0]["error"] / 100, [row["error"] for row in rows])
        work = [row["evaluations_per_day"] for row in rows]
        check(f"{rates}: {solver} works for it", work == sorted(work), work)
    own = [row for row in found["work_precision"]
           if row["rates"] == rates and row["solver"].startswith("H7")]
    check(f"{rates}: evaluations of the scheme", [row["evaluations_per_day"] for row in own]
          == [1152, 2304, 4608, 9216, 1152], [row["evaluations_per_day"] for row in own])

for row in found["stability"]:
    check(f"{row['rates']}: stable at the longest legal step, 6 min", row["H7_min"] >= 6, row["H7_min"])
    check(f"{row['rates']}: less so with classical steps for CRH",
          row["classical_min"] < row["H7_min"], row["classical_min"])
for row in found["single_precision"]["drift"]:
    within(f"{row['rates']}: single precision differs", row["cortisol"], 1e-8, 1e-4)
single = found["single_precision"]["rows"]
check("E1 to E3 in single precision", [row["id"] for row in single]
      == ["E1"] * 11 + ["E2"] * 11 + ["E3"] * 2, len(single))
for row, target in zip(single, found["targets"]):
    check(f"{row['id']} {row['name']} is what validate has",
          abs(row["fp64"] - target["five"]) < 1e-9, (row["fp64"], target["five"]))
check("the step reaches E1 to E3", any(
    target["five"] != target["half"] for target in found["targets"] if target["id"] == "E2"), "E2")

check("every table is filled", text.count("<!-- table ") == text.count("<!-- end -->")
      and "| E16 |" in text and f"commit {found['program']['commit']}" in text, len(text))
check("a wrong option is said", unknown.returncode == 1 and "'--smal'" in unknown.stderr,
      unknown.stderr)
print(f"{len(failures)} failed")
sys.exit(1 if failures else 0)
