"""A fault at every system call by which a run publishes its checkpoints and results, by strace: the
process is killed there, or the call fails with ENOSPC or EIO."""

import os
import re
import shutil
import subprocess

from harness import RUN, Tally, place, study

CALLS = ("openat", "close", "pread64", "pwrite64", "read", "write", "fsync", "fdatasync", "rename",
         "unlink", "rmdir", "mkdir", "fallocate", "ftruncate", "newfstatat", "access", "flock",
         "getdents64", "sync_file_range", "lseek")
# These change what is on the disk.
CHANGING = ("pwrite64", "write", "fsync", "fdatasync", "rename", "unlink", "rmdir", "mkdir",
            "fallocate", "ftruncate")
CAUSES = {"ENOSPC": "No space left on device", "EIO": "Input/output error"}
# Every how-many-th of the calls that write or read rows, of which each checkpoint has hundreds; and of
# all others.
STRIDES = {"ci": (97, 23), "full": (8, 1), "nightly": (1, 1)}


class Call:
    """A system call of the dry run: the `number`-th of its name."""

    def __init__(self, name, number, line, writes, phase):
        self.name, self.number, self.line, self.writes, self.phase = name, number, line, writes, phase
        self.path = re.search(RUN + r'[^">]*', line)[0]

    def __str__(self):
        return f"{self.name} {self.number} of {self.path} ({self.phase})"

    def is_of_older(self):
        """Of the checks and removals that make room after a publication, which end in a warning."""
        return self.phase == "removing older"

    def must_fail(self):
        """Whether its failure must be the failure of the run."""
        if self.phase in ("removing older", "sweeping", "reading"):
            return False
        if self.name in ("unlink", "rmdir"):
            return False  # of what is not needed any more
        if self.name == "pread64":
            return "/.day-" in self.line or "/.results" in self.line or "/.individuals" in self.line
        if self.name == "openat":
            return "O_CREAT" in self.line or "O_RDWR" in self.line
        if self.name == "close":
            return self.writes and "trial" not in self.path
        return self.name in CHANGING

    def errors(self):
        needs_space = self.name in CHANGING and self.name not in ("unlink", "rmdir")
        return ("ENOSPC", "EIO") if needs_space or "O_CREAT" in self.line else ("EIO",)


def named(line):
    """The checkpoint that is published by this call, if it is: its data get their name."""
    found = re.match(r'rename\(.*/(day-[^/"]*)\.h5"\) = 0', line)
    return found[1] if found else None


def dry_run(program):
    """All calls on the run directory, in their order."""
    trace = program.scratch / "trace.txt"
    result = program.run(prefix=("strace", "-y", "-s", "0", "-o", str(trace), "-e", "trace=" + ",".join(CALLS)))
    if result.code != 0:
        raise SystemExit("strace cannot trace here:\n" + result.text)
    calls, numbers, writable, days, phase = [], {}, set(), 0, "start"
    for line in trace.read_text().splitlines():
        found = re.match(r"(\w+)\(", line)
        if not found:
            continue
        name = found[1]
        numbers[name] = numbers.get(name, 0) + 1
        if RUN not in line:
            continue
        # Where in the course of the run this is.
        if name == "openat" and "O_CREAT" in line:
            if "/.day-" in line and ".h5." in line:
                days += 1
                phase = f"checkpoint {days}"
            elif "/.individuals" in line:
                phase = "start"
            elif "/.study" in line or "/.results" in line:
                phase = "results"
            elif "/.log" in line:
                phase = "log"
        elif name == "mkdir" and "checkpoints" in line:
            phase = "preparing"
        descriptor = re.match(r"\w+\((\d+)<", line)
        opened = re.search(r"= (\d+)<", line)
        if name == "openat" and opened:
            (writable.add if "O_RDWR" in line else writable.discard)(opened[1])
        calls.append(Call(name, numbers[name], line, bool(descriptor) and descriptor[1] in writable, phase))
        # After the directory was brought to the disk with the name of the data, older ones go.
        if named(line):
            phase = f"naming {days}"
        elif name == "rename" and '/results.nc") = 0' in line:
            phase = "naming results"
        elif name == "close" and phase.startswith("naming"):
            phase = "sweeping" if phase == "naming results" else "removing older"
    return calls, days


def inject(program, call, fault):
    return program.run(prefix=("strace", "-o", "/dev/null",
                               "-e", "trace=" + call.name,
                               "-e", f"inject={call.name}:{fault}:when={call.number}"))


def chosen(calls, last, size):
    bulk_stride, stride = STRIDES[size]
    bulk = [c for c in calls if c.name in ("pwrite64", "pread64") and c.phase.startswith(("checkpoint", "results"))]
    # The rows of the last checkpoint stand for those of all, which are written by the same calls.
    bulk_of_last = [c for c in bulk if c.phase in (f"checkpoint {last}", "results")]
    rest = [c for c in calls if c not in set(bulk)]
    return rest[::stride] + bulk_of_last[::bulk_stride]


def check_error(program, tally, call, error, result):
    """A call has failed: is that told, and is it the end of the run where it must be?"""
    case = f"{error} at {call}"
    tells = RUN in result.text and CAUSES[error] in result.text
    if result.hung:
        tally.fail("hangs", case, result)
    elif result.crashed():
        tally.fail("crashes", case, result)
    elif result.code == 0:
        if program.differing():
            tally.fail("silent", f"{case}: other bytes in {program.differing()}", result)
        elif call.must_fail():
            tally.fail("silent", f"{case}: exit code 0", result)
        elif call.is_of_older() and call.name == "unlink" and "warning" not in result.text:
            tally.fail("silent", f"{case}: no warning", result)
    elif result.code not in ((4,) if call.must_fail() else (3, 4)):
        tally.fail("wrong", f"{case}: exit code {result.code}", result)
    elif not tells:
        tally.fail("wrong", f"{case}: the message does not name the file and the cause", result)


def publishing(program, size):
    killed, failed = Tally("kill at a system call"), Tally("ENOSPC, EIO at a system call")
    program.use(study(days=4, individuals=70, arms=1, keep=2))
    program.reference(killed)
    program.clear()
    calls, last = dry_run(program)
    selected = chosen(calls, last, size)
    killed.notes.append(f"{len(calls)} calls on the run directory, {len(selected)} of them tried")
    for call in selected:
        done = [None, *filter(None, (named(c.line) for c in calls[:calls.index(call)]))]
        if call.name in CHANGING or call.name in ("openat", "close"):
            killed.cases += 1
            program.clear()
            result = inject(program, call, "signal=KILL")
            if result.code != -9:
                killed.fail("wrong", f"kill at {call}: the dry run does not fit", result)
            program.finish(killed, f"kill at {call}", expected=done[-1])
        for error in call.errors():
            failed.cases += 1
            program.clear()
            result = inject(program, call, f"error={error}")
            check_error(program, failed, call, error, result)
            if program.checkpoints.is_dir() and any(
                    n.startswith(".") for n in os.listdir(program.checkpoints)) and call.name != "unlink":
                failed.fail("wrong", f"{error} at {call}: leaves a temporary file", result)
            # Whose name does not come to the disk is withdrawn.
            is_withdrawn = re.fullmatch(r"naming \d+", call.phase)
            program.finish(failed, f"{error} at {call}", expected=done[-2 if is_withdrawn else -1])


def reading(program, size):
    """Errors while a run finds out where it can go on."""
    tally = Tally("EIO while going on")
    program.use(study(days=4, individuals=70, arms=1, keep=4, keep_after_run=True))
    program.reference(tally)
    for name in (*os.listdir(program.run_directory),):
        if name != "checkpoints":
            os.unlink(program.run_directory / name)
    template = program.scratch / "template"
    shutil.copytree(program.run_directory, template)

    def restore():
        program.clear()
        shutil.copytree(template, program.run_directory)

    restore()
    calls, _ = dry_run(program)
    bulk = [c for c in calls if c.name == "pread64"]
    rest = [c for c in calls if c.phase == "start" and c.name != "pread64"]
    bulk_stride, stride = STRIDES[size]
    before = {p.name: p.read_bytes() for p in (template / "checkpoints").iterdir()}
    for call in rest[::min(stride, 5)] + [c for c in bulk if c.phase == "start"][::bulk_stride]:
        tally.cases += 1
        restore()
        call.phase = "reading"
        result = inject(program, call, "error=EIO")
        check_error(program, tally, call, "EIO", result)
        if result.code == 0 and result.gone_on_from() != "day-000003" and not result.refused():
            tally.fail("silent", f"EIO at {call}: went on from {result.gone_on_from()}", result)
        for name, content in before.items():
            path = program.checkpoints / name
            if not path.exists() or path.read_bytes() != content:
                tally.fail("lost", f"EIO at {call}: {name} was changed or removed", result)
        if result.code != 0:
            program.finish(tally, f"EIO at {call}")


def ranks(program, size):
    """Of two ranks the second has the fault: both end, and with the same code."""
    tally = Tally("faults of the second rank")
    program.use(study(days=4, individuals=300, arms=1))
    program.reference(tally)
    cases = [("pwrite64", n, "error=ENOSPC") for n in (1, 60, 150)] + \
            [("fsync", n, "error=EIO") for n in (1, 2, 3)] + \
            [("pwrite64", 100, "signal=KILL"), ("fsync", 2, "signal=KILL")]
    for name, number, fault in cases[::4] if size == "ci" else cases:
        tally.cases += 1
        case = f"{fault} at {name} {number} of the second rank"
        program.clear()
        own = program.command((0, 1))
        result = program.wait(program.start(
            ["mpirun", "-n", "1", *own, ":", "-n", "1", "strace", "-f", "-o", "/dev/null", "-e", "trace=" + name,
             "-e", f"inject={name}:{fault}:when={number}", *own]))
        if result.hung:
            tally.fail("hangs", case, result)
        elif result.crashed() and "KILL" not in fault:
            tally.fail("crashes", case, result)
        elif result.code == 0:
            tally.fail("silent", f"{case}: exit code 0", result)
        elif "error" in fault and (result.code != 4 or CAUSES[fault[6:]] not in result.text or
                                   RUN not in result.text):
            tally.fail("wrong", f"{case}: exit code {result.code}, or the message does not tell why", result)
        newest = max(result.published(), key=place, default=None)
        program.finish(tally, case, (3, 1), expected=newest)


def run(program, size):
    if shutil.which("strace") is None or subprocess.run(
            ["strace", "-o", "/dev/null", "-e", "inject=getppid:retval=1", "true"],
            capture_output=True).returncode != 0:
        print("SKIPPED: strace is not installed or may not trace here")
        return
    publishing(program, size)
    reading(program, size)
    ranks(program, size)
