#!/usr/bin/env python3
"""What checkpoints cost a run: time and memory of a run with them and of the same run without, one
after the other in every round. Prints Markdown.

    bench/checkpoint_cost.py build/release/bin/eustress [--individuals 300000] [--rounds 5] [--threads 2]

A run at the default interval has too few checkpoints to be told from noise: here there is one after
every day of the study. What one of them costs, over the default interval sqrt(2 C M), is the share of the
run time that they take by default.
"""

import math
import pathlib
import re
import statistics
import tempfile

import timed_run
from timed_run import in_turn, print_row

STUDY = """[study]
name = "cost"
days = {days}
[population]
individuals = {individuals}
[checkpoint]
every_days = 1
"""
DAYS = 4
MTBF_S = 24 * 3600.0  # default of checkpoint.mtbf_h


def run(program, study, directory, threads, active):
    """Seconds and MB at most of a run, and what it says of its checkpoints: (MB, s) of each."""
    seconds, memory, told = timed_run.run(program, study, directory / "run", threads,
                                          [f"checkpoint.active={'true' if active else 'false'}"])
    saved = [(float(mb), float(s)) for mb, s in
             re.findall(r"^checkpoint .*: ([0-9.]+) MB in ([0-9.]+) s$", told, re.M)]
    return seconds, memory, saved


def main():
    arguments = timed_run.arguments_of(__doc__, individuals=300_000, rounds=5)
    with tempfile.TemporaryDirectory(prefix="checkpoint-cost-", dir=arguments.directory) as scratch:
        scratch = pathlib.Path(scratch)
        study = scratch / "study.toml"
        study.write_text(STUDY.format(days=DAYS, individuals=arguments.individuals))
        rounds = []
        for number in range(arguments.rounds):
            on, off = in_turn(number, *(
                lambda active=active: run(arguments.program, study, scratch, arguments.threads, active)
                for active in (True, False)))
            rounds.append((off, on))

    count = len(rounds[0][1][2])
    megabytes = rounds[0][1][2][0][0]
    own = [statistics.mean(s for _, s in on[2]) for _, on in rounds]
    extra = [(on[0] - off[0]) / count for off, on in rounds]
    cost = statistics.median(own)
    interval = math.sqrt(2.0 * cost * MTBF_S)
    print(f"{arguments.individuals} individuals, {DAYS} days, {arguments.threads} threads, "
          f"{count} checkpoints of {megabytes:.0f} MB\n")
    print("| | median | rounds |\n|---|---|---|")
    print_row("run without checkpoints, s", [off[0] for off, _ in rounds])
    print_row("run with them, s", [on[0] for _, on in rounds])
    print_row("with / without", [on[0] / off[0] for off, on in rounds])
    print_row("one checkpoint as the run measures it, s", own)
    print_row("one checkpoint as the difference of the runs, s", extra)
    print_row("peak memory without, MB", [off[1] for off, _ in rounds], 1)
    print_row("peak memory with, MB", [on[1] for _, on in rounds], 1)
    print_row("memory for checkpoints, % of the state", [100.0 * (on[1] - off[1]) / megabytes for off, on in rounds])
    print(f"\nDefault interval sqrt(2 C M), C = {cost:.2f} s, M = 24 h: {interval:.0f} s, so checkpoints take "
          f"{100.0 * cost / interval:.2f} % of the run time by their own measure and "
          f"{100.0 * statistics.median(extra) / interval:.2f} % by the difference of the runs.")


if __name__ == "__main__":
    main()
