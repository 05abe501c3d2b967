"""Limits that a run meets: a full disk, a limit of the size of files, directories that are read-only,
missing, in use or taken away."""

import os
import shutil
import signal
import subprocess
import time

from harness import RUN, Tally, study

SIZES = {"ci": 4, "full": 30, "nightly": 100}


def check_refusal(program, tally, case, result, code, *words):
    """The run must end with this code and these words."""
    if result.hung:
        tally.fail("hangs", case, result)
    elif result.crashed():
        tally.fail("crashes", case, result)
    elif result.code != code:
        tally.fail("silent" if result.code == 0 else "wrong", f"{case}: not exit code {code}", result)
    elif not all(word in result.text for word in words):
        tally.fail("wrong", f"{case}: the message has not all of {words}", result)
    else:
        return True
    return False


def spread(low, high, n):
    return [low + (high - low) * i // max(n - 1, 1) for i in range(n)]


def used(directory):
    return sum(os.lstat(os.path.join(place, name)).st_blocks * 512
               for place, _, names in os.walk(directory) for name in names)


def full_disk(program, size):
    """A small tmpfs, of sizes from nothing to almost enough. Then it grows, and the run goes on."""
    tally = Tally("small tmpfs")
    program.use(study(days=6, individuals=300))
    program.reference(tally)
    # Results and as many checkpoints as are kept, and one more.
    enough = 6 * used(program.run_directory) + (1 << 20)

    def mount(options, action=()):
        return subprocess.run(["mount", *action, "-t", "tmpfs", "-o", options, "tmpfs", program.run_directory],
                              capture_output=True).returncode == 0

    for number, kilobytes in enumerate(spread(64, enough // 1024, SIZES[size])):
        program.clear()
        program.run_directory.mkdir()
        if os.geteuid() != 0 or not mount(f"size={kilobytes}k"):
            print("SKIPPED: a tmpfs cannot be mounted here")
            program.clear()
            return
        try:
            tally.cases += 1
            layout = ((0, 1), (2, 1), (0, 2))[number % 3]
            case = f"tmpfs of {kilobytes} KiB on {layout}"
            result = program.run(layout)
            newest = max(result.published(), default=None)
            if result.code == 0:
                if program.differing():
                    tally.fail("silent", case, result)
                tally.notes.append(f"{kilobytes} KiB are enough")
            else:
                check_refusal(program, tally, case, result, 4, "No space left on device", RUN)
                mount("remount,size=1g")
                program.finish(tally, case, ((2, 1), (0, 1))[number % 2], expected=newest)
        finally:
            subprocess.run(["umount", program.run_directory], check=True)
        if result.code == 0:
            break
    program.clear()


def file_size(program, size):
    """RLIMIT_FSIZE, from nothing to the largest file."""
    tally = Tally("RLIMIT_FSIZE")
    program.use(study(days=5, individuals=300, keep_after_run=True))
    program.reference(tally)
    largest = max(path.stat().st_size for path in program.run_directory.rglob("*") if path.is_file())
    for number, limit in enumerate(spread(0, (largest - 1) // 1024, SIZES[size])):
        tally.cases += 1
        program.clear()
        layout = (0, 1 + number % 2)  # a launcher has files of its own, which meet the limit first
        case = f"limit of {limit} KiB on {layout}"
        # The messages go through a pipe, so that they do not meet the limit themselves.
        script = 'set -o pipefail; (ulimit -f "$0"; exec "$@") 2>&1 | cat'
        result = program.wait(program.start(["bash", "-c", script, str(limit), *program.command(layout)]))
        check_refusal(program, tally, case, result, 4, "File too large", RUN)
        program.finish(tally, case, (2, 1))


def directories(program, size):
    tally = Tally("directories")
    program.use(study(days=8, individuals=300))
    program.reference(tally)

    def case(name):
        tally.cases += 1
        program.clear()
        return name

    def stopped_at_a_checkpoint(layout):
        """A run that stands still after its first checkpoint."""
        process = program.start(program.command(layout))
        while process.poll() is None and not program.newest():
            time.sleep(0.001)
        for pid in program.processes(os.path.basename(program.path)[:15]):
            os.kill(pid, signal.SIGSTOP)
        return process

    def go_on():
        for pid in program.processes():
            os.kill(pid, signal.SIGCONT)

    name = case("missing parents of the directory are made")
    result = program.wait(program.start(program.command(output=f"{RUN}/a/b")))
    if result.code != 0 or not (program.run_directory / "a/b/results.nc").exists():
        tally.fail("wrong", name, result)
    name = case("a directory that cannot be made")
    check_refusal(program, tally, name, program.wait(program.start(program.command(output="/proc/" + RUN))), 4,
                  "/proc/" + RUN)
    name = case("a file in place of the directory")
    program.run_directory.write_text("mine")
    check_refusal(program, tally, name, program.run(), 2, RUN, "not a directory")
    if program.run_directory.read_text() != "mine":
        tally.fail("lost", name)
    program.run_directory.unlink()
    name = case("a file in place of checkpoints/")
    program.run_directory.mkdir()
    program.checkpoints.write_text("mine")
    result = program.run()
    if result.code not in (2, 3, 4) or "checkpoints" not in result.text or result.crashed():
        tally.fail("wrong", name, result)
    if program.checkpoints.read_text() != "mine":
        tally.fail("lost", name)

    # Permissions do not bind the superuser, who becomes nobody for it.
    nobody = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups") if os.geteuid() == 0 else ()
    program.scratch.chmod(0o755)
    if subprocess.run([*nobody, "test", "-x", program.path]).returncode == 0:
        name = case("a read-only directory")
        program.run_directory.mkdir(mode=0o555)
        check_refusal(program, tally, name, program.run(prefix=nobody), 4, "Permission denied", RUN)

    for layout in ((0, 1), (2, 1)):
        name = case(f"two runs in one directory, on {layout}")
        first = stopped_at_a_checkpoint(layout)
        before = program.hashes()
        second = subprocess.run(program.command(layout), cwd=program.scratch, env=program.env,
                                capture_output=True, text=True, timeout=60)
        if second.returncode != 2 or "another run" not in second.stderr:
            tally.fail("silent", f"{name}: exit code {second.returncode}: {second.stderr}")
        if program.hashes() != before:
            tally.fail("lost", f"{name}: the second changed files of the first")
        go_on()
        result = program.wait(first)
        if result.code != 0 or program.differing():
            tally.fail("wrong", f"{name}: the first", result)

        name = case(f"the directory is taken away, on {layout}")
        process = stopped_at_a_checkpoint(layout)
        shutil.rmtree(program.run_directory)
        go_on()
        check_refusal(program, tally, name, program.wait(process), 4, RUN, "No such file")

        name = case(f"checkpoints/ is taken away, on {layout}")
        process = stopped_at_a_checkpoint(layout)
        shutil.rmtree(program.checkpoints)
        go_on()
        result = program.wait(process)
        if result.code not in (0, 4) or result.crashed() or result.hung:
            tally.fail("wrong", name, result)
        program.finish(tally, name)


def run(program, size):
    full_disk(program, size)
    file_size(program, size)
    directories(program, size)
