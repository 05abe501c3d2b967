#!/usr/bin/env python3
"""Faults, and what becomes of them: the real program is killed, its system calls fail, its disk is full,
its checkpoints are damaged. Prints counts; the exit code is 0 if there was no crash, no hang, nothing
silent, nothing lost and nothing else wrong.

    tests/faults/run.py build/release/bin/eustress --size full
"""

import argparse
import os
import signal
import sys
import tempfile
import time

sys.dont_write_bytecode = True

import calls
import damage
import kills
import limits
from harness import COLUMNS, Program, Tally

KINDS = {"kills": kills, "calls": calls, "limits": limits, "damage": damage}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="eustress, of any build")
    parser.add_argument("--size", choices=("ci", "full", "nightly"), default="full")
    parser.add_argument("--only", choices=KINDS, action="append", help="one kind; may be repeated")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    is_complete = True
    for kind in arguments.only or KINDS:
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="eustress-faults-") as scratch:
            program = Program(arguments.program, os.path.realpath(scratch))
            try:
                KINDS[kind].run(program, arguments.size)
            except KeyboardInterrupt:
                is_complete = False
            finally:
                program.kill_all()
        print(f"{kind}: {time.monotonic() - began:.0f} s", "" if is_complete else ", interrupted", flush=True)
        if not is_complete:
            break
    tallies = Tally.all
    print("\n| fault | cases |", " | ".join(COLUMNS), "|\n|---|" + "---:|" * (1 + len(COLUMNS)))
    for tally in tallies:
        print("|", tally.kind, "|", tally.cases, "|", " | ".join(str(tally.failed[c]) for c in COLUMNS), "|")
    for tally in tallies:
        for note in tally.notes:
            print(f"{tally.kind}: {note}")
    good = is_complete and all(tally.good() for tally in tallies)
    print(f"{sum(t.good() for t in tallies)} passed, {sum(not t.good() for t in tallies)} failed")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
