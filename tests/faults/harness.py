"""What all kinds of faults share: studies, running the program, judging what it leaves, counting."""

import hashlib
import os
import pathlib
import re
import shutil
import signal
import subprocess
import time

# The name of every run directory, relative to the directory that the program is started in.
RUN = "fault-run"
RESULTS = ("results.nc", "individuals.h5", "study.toml")
COLUMNS = ("crashes", "hangs", "silent", "lost", "wrong")

# Small enough for hundreds of runs, with all that a checkpoint has to hold: arms, open event streams,
# probes that are half over, records of individuals. A checkpoint after every day.
STUDY = """[study]
name = "faults"
days = {days}
seed = 11
[population]
individuals = {individuals}
[[wave]]
name = "flood"
day = 2
fraction = 0.5
[[regime]]
name = "lockdown"
start_day = 1
end_day = 4
hassle_rate = 1.5
[[probe]]
name = "test"
kind = "tsst"
day = 3
{arm}
[output]
individuals = true
[checkpoint]
every_days = 1
keep = {keep}
keep_after_run = {keep_after_run}
"""
ARM = '[[arm]]\nname = "frozen"\nset = { "reinforcement.active" = false }\n'


def study(days, individuals, arms=2, keep=3, keep_after_run=False):
    return STUDY.format(days=days, individuals=individuals, arm=ARM * (arms - 1), keep=keep,
                        keep_after_run=str(keep_after_run).lower())


class Tally:
    """Counts of one kind of fault. Every failure is shown when it happens."""

    all = []

    def __init__(self, kind):
        Tally.all.append(self)
        self.kind, self.cases, self.failed = kind, 0, dict.fromkeys(COLUMNS, 0)
        self.notes = []

    def fail(self, column, case, result=None):
        self.failed[column] += 1
        print(f"FAILED ({column}) {self.kind}: {case}")
        if result is not None:
            tail = "\n    ".join(result.text.strip().splitlines()[-12:])
            print(f"    exit code {result.code} after {result.seconds:.1f} s\n    {tail}", flush=True)

    def good(self):
        return self.cases > 0 and not any(self.failed.values())


class Result:
    def __init__(self, code, text, seconds, hung=False, launcher_hung=False):
        self.code, self.text, self.seconds, self.hung = code, text, seconds, hung
        self.launcher_hung = launcher_hung  # mpirun stayed though no rank was left

    def crashed(self):
        """A signal that nobody sent, a defect that the program found, or the report of a sanitizer."""
        words = r"AddressSanitizer|LeakSanitizer|runtime error:|internal error|terminate called|Segmentation"
        return self.code in (70, 134, 136, 139) or self.code in (-4, -6, -7, -8, -11) or \
            re.search(words, self.text) is not None

    def gone_on_from(self):
        """The name of the checkpoint that the run started from."""
        found = re.search(r"^going on from \S*?([^/\s]+)\.h5 after day", self.text, re.M)
        return found[1] if found else None

    def published(self):
        """Names of the checkpoints that the run told of."""
        return re.findall(r"^checkpoint \S*?([^/\s]+)\.h5 after day", self.text, re.M)

    def refused(self):
        return re.findall(r"^checkpoint not used: \S*?([^/\s]+)\.h5: ", self.text, re.M)


def place(name):
    """Checkpoints in their order: (slice, day, copy); None comes before all."""
    if name is None:
        return (-1,)
    found = re.fullmatch(r"(?:slice-(\d+)-)?day-(\d+)(?:-(\d+))?", name)
    return (int(found[1] or 0), int(found[2]), int(found[3] or 1)) if found else (-1,)


class Program:
    """The program in a scratch directory of its own, where all of its processes are found."""

    def __init__(self, path, scratch):
        self.path, self.scratch = str(pathlib.Path(path).resolve()), pathlib.Path(scratch)
        self.run_directory = self.scratch / RUN
        self.checkpoints = self.run_directory / "checkpoints"
        self.env = dict(os.environ)
        # As the tests that ctest starts: as root, more ranks than cores, in containers.
        for name, value in (("OMPI_ALLOW_RUN_AS_ROOT", "1"), ("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1"),
                            ("OMPI_MCA_rmaps_base_oversubscribe", "1"),
                            ("OMPI_MCA_hwloc_base_binding_policy", "none"),
                            ("OMPI_MCA_mpi_yield_when_idle", "1"),
                            ("OMPI_MCA_btl_vader_single_copy_mechanism", "none"),
                            ("OMPI_MCA_btl", "self,vader"), ("ASAN_OPTIONS", "detect_leaks=0")):
            self.env.setdefault(name, value)
        # What killed ranks leave must not fill /dev/shm.
        self.mpi_files = self.scratch / "mpi"
        self.env["OMPI_MCA_btl_vader_backing_directory"] = str(self.mpi_files)
        self.env["OMPI_MCA_orte_tmpdir_base"] = str(self.mpi_files)
        self.straight = {}

    def use(self, text):
        (self.scratch / "study.toml").write_text(text)
        self.text = text

    def command(self, layout=(0, 1), output=RUN, prefix=(), options=()):
        """layout: (ranks, threads per rank); 0 ranks: no launcher."""
        ranks, threads = layout
        launcher = ["mpirun", "-n", str(ranks)] if ranks else []
        return [*launcher, *prefix, self.path, "run", "study.toml", "-o", output,
                "--threads", str(threads), *options]

    def start(self, command, **popen):
        self.mpi_files.mkdir(exist_ok=True)
        log = open(self.scratch / "output.txt", "w+b")
        began = time.monotonic()
        process = subprocess.Popen(command, cwd=self.scratch, env=self.env, stdin=subprocess.DEVNULL,
                                   stdout=log, stderr=log, **popen)
        process.log, process.began = log, began
        return process

    def output(self, process):
        process.log.flush()
        return (self.scratch / "output.txt").read_text(errors="replace")

    def wait(self, process, timeout=60):
        """The end of the job, of which no process remains."""
        hung = launcher_hung = False
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired:
            hung = True
            # mpirun that waits for nobody: all ranks have ended, it says so, and stays.
            if process.args[0] == "mpirun" and not self.processes("eustress"):
                hung, launcher_hung = False, True
                self.kill_all()
                process.wait()
        seconds = time.monotonic() - process.began
        end = time.monotonic() + 15
        while self.processes() and time.monotonic() < end and not hung:
            time.sleep(0.002)
        if self.processes():
            hung = True
            self.kill_all()
            process.wait()
        process.log.close()
        shutil.rmtree(self.mpi_files, ignore_errors=True)
        text = (self.scratch / "output.txt").read_text(errors="replace")
        return Result(process.returncode, text, seconds, hung, launcher_hung)

    def run(self, layout=(0, 1), timeout=60, prefix=(), options=(), **popen):
        return self.wait(self.start(self.command(layout, prefix=prefix, options=options), **popen),
                         timeout)

    def processes(self, name=None):
        """Numbers of the processes in the scratch directory, perhaps only of that name."""
        found = []
        for entry in os.listdir("/proc"):
            if not entry.isdigit():
                continue
            try:
                if os.readlink(f"/proc/{entry}/cwd") != str(self.scratch):
                    continue
                status = pathlib.Path(f"/proc/{entry}/stat").read_text()
            except OSError:
                continue
            comm = status[status.index("(") + 1:status.rindex(")")]
            if status[status.rindex(")") + 2] != "Z" and (name is None or comm == name):
                found.append(int(entry))
        return found

    def kill_all(self):
        for _ in range(200):
            processes = self.processes()
            if not processes:
                return
            for pid in processes:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            time.sleep(0.01)

    # --- directories --------------------------------------------------------------------------

    def clear(self):
        shutil.rmtree(self.run_directory, ignore_errors=True)

    def published(self, directory=None):
        """Names of the checkpoints of which data and manifest are there, the oldest first."""
        directory = directory or self.checkpoints
        if not directory.is_dir():
            return []
        names = {p.name for p in directory.iterdir()}
        return sorted((n[:-3] for n in names if n.endswith(".h5") and not n.startswith(".")
                       and n[:-3] + ".json" in names), key=place)

    def newest(self):
        names = self.published()
        return names[-1] if names else None

    def is_finished(self):
        return (self.run_directory / "results.nc").exists()

    def hashes(self, names=None):
        """SHA-256 of files of the checkpoints, by name."""
        return {p.name: hashlib.sha256(p.read_bytes()).hexdigest()
                for p in sorted(self.checkpoints.iterdir())
                if p.is_file() and (names is None or p.stem in names)}

    def reference(self, tally):
        """The straight run of the current study: the bytes that every other one must end in."""
        self.clear()
        result = self.run()
        if result.code != 0:
            tally.fail("wrong", "the straight run", result)
            raise SystemExit(1)
        self.straight = {n: (self.run_directory / n).read_bytes() for n in RESULTS}
        return result

    def differing(self):
        """The result files that are not those of the straight run."""
        return [n for n in RESULTS if not (self.run_directory / n).is_file()
                or (self.run_directory / n).read_bytes() != self.straight[n]]

    # --- judging ------------------------------------------------------------------------------

    def check_start(self, tally, case, result, expected):
        """The run must have gone on from `expected`, the newest checkpoint before it, or None."""
        start = result.gone_on_from()
        got_going = start is not None or result.published() or result.code == 0
        if got_going and place(start) < place(expected):
            tally.fail("lost", f"{case}: went on from {start}, published was {expected}", result)
            return False
        return True

    def finish(self, tally, case, layout=(0, 1), expected="newest"):
        """Goes on to the end without faults; the bytes must be those of the straight run."""
        if self.is_finished():
            differing = self.differing()
            if differing:
                tally.fail("silent", f"{case}: finished with other bytes in {differing}")
            return
        newest = self.newest()
        if expected == "newest":
            expected = newest
        elif place(newest) < place(expected):
            tally.fail("lost", f"{case}: {expected} was published, {newest} is the newest that is there")
            return
        else:
            expected = newest
        result = self.run(layout)
        if result.hung:
            tally.fail("hangs", f"{case}: going on", result)
        elif result.crashed():
            tally.fail("crashes", f"{case}: going on", result)
        elif result.code != 0:
            tally.fail("lost", f"{case}: does not go on", result)
        elif self.check_start(tally, case, result, expected) and self.differing():
            tally.fail("silent", f"{case}: other bytes in {self.differing()}", result)
