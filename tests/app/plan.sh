#!/usr/bin/env bash
# What plan says of memory and files against runs of the same study. Times are no test.
. "$(dirname "$0")/common.sh"

cat > study.toml <<'TOML'
[study]
name = "plan"
days = 28
[population]
individuals = 20000
[[probe]]
name = "test"
kind = "tsst"
day = 20
[[arm]]
name = "frozen"
set = { "reinforcement.active" = false }
[output]
individuals = true
strata = ["sex", "age", "optimism"]
[traces]
first = 40
every_min = 15
[checkpoint]
every_days = 20
keep_after_run = true
TOML

# peak COMMAND...: runs it, and prints the most memory that one of its processes took.
cat > peak.py <<'PYTHON'
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(1024 * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
PYTHON
peak() { /usr/bin/python3 peak.py "$@"; }

# holds PLAN RUN PEAK: the prediction of the files and of the memory.
cat > holds.py <<'PYTHON'
import glob, json, os, sys
plan, run, peak = json.load(open(sys.argv[1])), sys.argv[2], float(sys.argv[3])
size = lambda name: os.path.getsize(f"{run}/{name}") if os.path.exists(f"{run}/{name}") else 0
files = plan["file_bytes"]
wrong = []
def compare(what, predicted, real, factor, slack):
    print(f"  {what}: {predicted / 1e6:.2f} MB, in the run {real / 1e6:.2f} MB")
    if not real / factor - slack <= predicted <= real * factor + slack: wrong.append(what)
compare("results.nc", files["results"], size("results.nc"), 1, 0)
compare("individuals.h5", files["individuals"], size("individuals.h5"), 1.01, 100000)
compare("traces.nc", files["traces"], size("traces.nc"), 1.01, 100000)
checkpoints = [os.path.getsize(c) for c in glob.glob(f"{run}/checkpoints/*.h5")]
compare("a checkpoint", files["checkpoint"], max(checkpoints), 1.02, 100000)
compare("memory of a rank", plan["memory_bytes"]["total"], peak, 1.25, 10e6)
for what, predicted in plan["seconds"].items():
    if not predicted >= 0: wrong.append(what)
sys.exit(", ".join(wrong) or 0)
PYTHON
holds() { /usr/bin/python3 holds.py "$@"; }

check "plan" exits 0 "$eustress" plan study.toml --threads 2 --json plan.json
for word in "memory of a rank" "state" "results.nc" "individuals.h5" "traces.nc" "a checkpoint" "individual-days/s per thread" \
  "#SBATCH --ntasks=1" "#SBATCH --cpus-per-task=2" "#SBATCH --mem-per-cpu=" "#SBATCH --time=" "#SBATCH --signal=USR1@" "#SBATCH --requeue"; do
  check "it says $word" says "$word"
done
check "nothing was run" [ ! -e plan ]
bytes=$(peak "$eustress" run study.toml --threads 2)
check "run" [ $? -eq 0 ]
check "as it was planned" holds plan.json plan "$bytes"

check "plan for ranks" exits 0 "$eustress" plan study.toml --ranks 3 --threads 1 --json ranks.json
bytes=$(peak mpirun -n 3 "$eustress" run study.toml --threads 1 -o ranks)
check "run on ranks" [ $? -eq 0 ]
check "as it was planned for ranks" holds ranks.json ranks "$bytes"

# Without rows of individuals, in slices; other tables.
little=(--set output.individuals=false --set traces.first=1 --set numerics.memory_gib=0.01)
check "plan of slices" exits 0 "$eustress" plan study.toml --threads 2 --json slices.json "${little[@]}"
check "it says how many" says "walked in 5 slices|walked in [3-9] slices"
bytes=$(peak "$eustress" run study.toml --threads 2 -o slices "${little[@]}")
check "run in slices" [ $? -eq 0 ]
check "as it was planned in slices" holds slices.json slices "$bytes"
check "as many slices" [ "$(/usr/bin/python3 -c 'import json; print(json.load(open("slices.json"))["slices"])')" -eq \
  $(($(ls slices/checkpoints | sed -n 's/slice-0*\([0-9]*\)-.*/\1/p' | sort -n | tail -1) + 1)) ]

check "replicates" exits 0 "$eustress" plan study.toml --ranks 4 --threads 1 --set study.replicates=6
check "in groups" says "6 replicates in [0-9]+ group"
check "more threads than blocks" exits 0 "$eustress" plan study.toml --ranks 100 --threads 16
check "are told of" says "1600 threads for 313 blocks of 64 people"
check "not over another file" exits 2 "$eustress" plan study.toml --json plan.json
check "unless forced" exits 0 "$eustress" plan study.toml --json plan.json --force
check "a wrong study" exits 2 "$eustress" plan study.toml --set study.days=0
check "no ranks" exits 2 "$eustress" plan study.toml --ranks 0
check "no study" exits 2 "$eustress" plan nowhere.toml
finish
