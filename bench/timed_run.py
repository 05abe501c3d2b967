"""One run of the program, with its time and memory, for the drivers of this directory."""

import json
import os
import statistics
import subprocess


def run(program, study, output, threads, settings=()):
    """Seconds that the run takes by its own log, MB of memory at most, and what it says."""
    command = [program, "run", study, "-o", output, "--threads", str(threads), "--force"]
    for setting in settings:
        command += ["--set", setting]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    told = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(told)
    log = json.loads((output / "log.json").read_text())
    return log["wall_s"], usage.ru_maxrss * 1024e-6, told


def print_row(name, values, digits=2):
    """A row of a table: the median over the rounds, and all of them."""
    print(f"| {name} | {statistics.median(values):.{digits}f} |",
          ", ".join(f"{v:.{digits}f}" for v in values), "|")
