"""kill -9 at random instants of a run with a checkpoint after every day: all processes at once, or one
rank of several. The run goes on on another layout, is killed again, ... and ends in the same bytes."""

import os
import random
import re
import signal
import time

from harness import RUN, Tally, place, study

LAYOUTS = ((0, 1), (0, 2), (1, 2), (2, 1), (2, 2), (3, 1), (4, 1))
SIZES = {"ci": 20, "full": 300, "nightly": 1000}
# A job of which one rank was killed must end within this time.
SECONDS_TO_END = 20.0


def where(program):
    """What the kill hit, as far as the directory shows it."""
    directory = program.run_directory
    names = set(os.listdir(program.checkpoints)) if program.checkpoints.is_dir() else set()
    if program.is_finished():
        return "after the results"
    if (directory / "study.toml").exists() or any(
            n.startswith(".results.nc") for n in (os.listdir(directory) if directory.is_dir() else [])):
        return "while publishing the results"
    if any(n.startswith(".") and ".json." in n for n in names):
        return "while writing a manifest"
    if any(re.fullmatch(r"day.*\.json", n) and n[:-5] + ".h5" not in names for n in names):
        return "between manifest and data, or while removing"
    if any(n.startswith(".") for n in names):
        return "while writing or verifying data"
    if not program.published():
        return "before the first checkpoint"
    return "between checkpoints"


def strike(program, process, one):
    """Kills; False if the run was faster."""
    ranks = program.processes(os.path.basename(program.path)[:15])
    if process.poll() is not None or (one and len(ranks) < 2):
        return False
    targets = [random.choice(ranks)] if one else [process.pid, *ranks]
    for pid in targets:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    return True


def run(program, size):
    tally = Tally("kill -9 at random instants")
    random.seed(20251122)
    program.use(study(days=14, individuals=300))
    program.reference(tally)
    # How long a run takes on each layout, which is also a test of the layouts.
    duration = {}
    for layout in LAYOUTS:
        program.clear()
        result = program.run(layout)
        duration[layout] = result.seconds
        if result.code != 0 or program.differing():
            tally.fail("wrong", f"straight run on {layout}: {program.differing()}", result)
            return
    landed, chains, alone, slowest, launchers = {}, 0, 0, 0.0, 0
    layout = LAYOUTS[0]
    while tally.cases < SIZES[size] and sum(tally.failed.values()) < 20:
        program.clear()
        chains += 1
        expected = None
        while True:
            layout = random.choice([other for other in LAYOUTS if other != layout])
            one = layout[0] >= 2 and random.random() < 0.5
            case = f"{'one rank' if one else 'all'} of {layout}, kill {tally.cases + 1}"
            before = set(program.published())
            process = program.start(program.command(layout))
            if random.random() < 0.5:
                # At an instant of a publication: a little after the previous one.
                while process.poll() is None and not re.search("^checkpoint ", program.output(process), re.M):
                    time.sleep(0.001)
                time.sleep(random.uniform(0.0, 0.3 * duration[layout]))
            else:
                time.sleep(random.uniform(0.0, duration[layout]))
            struck = tally.cases < SIZES[size] and strike(program, process, one)
            kill_time = time.monotonic()
            if struck and not one:
                process.wait()
                program.kill_all()
            result = program.wait(process)
            if result.crashed() and not struck:
                tally.fail("crashes", case, result)
                break
            launchers += result.launcher_hung
            late = time.monotonic() - kill_time > SECONDS_TO_END and not result.launcher_hung
            if result.hung or (struck and one and late):
                tally.fail("hangs", case, result)
                break
            if not program.check_start(tally, case, result, expected):
                break
            if set(result.refused()) & before:
                tally.fail("lost", f"{case}: a published checkpoint is refused", result)
                break
            if not struck and result.code != 0:
                tally.fail("wrong", f"{case}: not killed, but not finished", result)
                break
            if struck:
                tally.cases += 1
                alone += one
                if one and not result.launcher_hung:
                    slowest = max(slowest, time.monotonic() - kill_time)
                    if result.code == 0 and not program.is_finished():
                        tally.fail("wrong", f"{case}: exit code 0", result)
                landed[where(program)] = landed.get(where(program), 0) + 1
                told = max(result.published(), key=place, default=None)
                if not program.is_finished() and place(program.newest()) < max(place(told), place(expected)):
                    tally.fail("lost", f"{case}: published were {told} and {expected}, "
                               f"{program.newest()} is there", result)
                    break
            if program.is_finished():
                if program.differing():
                    tally.fail("silent", f"{case}: other bytes in {program.differing()}", result)
                break
            expected = program.newest()
    tally.notes.append(f"{chains} runs of {RUN} to the end; {alone} kills of one rank, after which the job "
                       f"ended within {slowest:.1f} s")
    if launchers:
        tally.notes.append(f"{launchers} times mpirun itself did not end after all of its ranks had")
    for what, count in sorted(landed.items(), key=lambda item: -item[1]):
        tally.notes.append(f"{count:5} {what}")
