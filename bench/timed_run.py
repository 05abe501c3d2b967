"""One run of the program, with its time and memory, for the drivers of this directory."""

import argparse
import json
import os
import statistics
import subprocess


def arguments_of(description, individuals, rounds):
    """The command line that the drivers share, with these defaults."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--individuals", type=int, default=individuals)
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--directory", default=".", help="where the runs write; on the disk that is meant")
    return parser.parse_args()


def in_turn(number, first, second):
    """What both give, in an order that alternates from round to round."""
    if number % 2 == 0:
        return first(), second()
    of_second = second()
    return first(), of_second


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
