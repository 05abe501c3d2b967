#!/usr/bin/env bash
# The matrix of docs/reliability.md: one study with everything in it, computed by every build (g++ and
# clang++, Open MPI and MPICH, as far as they are installed), instruction set, number of ranks and
# threads, straight and restarted from its middle on another layout. Prints a Markdown table of hashes.
#   bash tests/matrix.sh [PRESET...]      default: ci clang mpich clang-mpich
# What tests/run.sh installs, and clang, libomp-dev, mpich, libmpich-dev, libhdf5-mpich-dev; the MPI of
# mpirun stays Open MPI. A preset that cannot be built is left out.
# Exit code 0 if all files of each build are the same, 1 if not. Takes about 40 minutes on two cores,
# most of them for building.
set -euo pipefail
cd "$(dirname "$0")/.."
project=$PWD
presets=("$@")
[ $# -gt 0 ] || presets=(ci clang mpich clang-mpich)

export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
export OMPI_MCA_hwloc_base_binding_policy=none OMPI_MCA_mpi_yield_when_idle=1
export OMPI_MCA_btl_vader_single_copy_mechanism=none
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

cat tests/support/identity.toml - > "$scratch/study.toml" <<'TOML'
[checkpoint]
every_days = 10
keep_after_run = true
TOML

# Of all numbers in the files of a run: names, types, shapes, bytes. Read by h5py, not by eustress.
cat > "$scratch/hash_numbers.py" <<'PYTHON'
import hashlib, sys, h5py
total = hashlib.sha256()
for path in sys.argv[1:]:
    with h5py.File(path) as file:
        for name in sorted(file):
            values = file[name][()]
            total.update(f"{name} {values.dtype.str} {values.shape}\n".encode())
            total.update(values.tobytes())
print(total.hexdigest())
PYTHON
numbers() { /usr/bin/python3 "$scratch/hash_numbers.py" "$1/results.nc" "$1/individuals.h5"; }
files() { cat "$1/results.nc" "$1/individuals.h5" "$1/study.toml" | sha256sum | cut -c1-64; }

cells=$scratch/cells        # a file per build and case, with the hash of the numbers
mkdir -p "$cells"
rows=()
broken=0
runs=0
# record BUILD CASE DIRECTORY: also compares the files with those of the first case of that build.
record() {
  local cell
  runs=$((runs + 1))
  cell=$(numbers "$3" | cut -c1-10)
  if ! cmp -s <(files "$scratch/$1/reference") <(files "$3"); then
    broken=$((broken + 1))
    cell="**$cell**"
    echo "matrix: $1, $2: the files differ from those of the reference run" >&2
  fi
  echo "$cell" > "$cells/$1.$2"
  case " ${rows[*]-} " in *" $2 "*) ;; *) rows+=("$2") ;; esac
}
# The checkpoint of day 20 of a run, as if it had been stopped there.
take_middle() {
  mkdir -p "$2/checkpoints"
  cp "$1/checkpoints/day-000020.h5" "$1/checkpoints/day-000020.json" "$2/checkpoints/"
}

revision=$(git describe --always --dirty 2>/dev/null || echo unknown)
built=()
declare -A compilers mpis
for preset in "${presets[@]}"; do
  echo "matrix: building $preset" >&2
  if ! cmake --preset "$preset" >"$scratch/log" 2>&1 ||
    ! cmake --build "build/$preset" --target eustress >"$scratch/log" 2>&1; then
    echo "matrix: $preset cannot be built here:" >&2
    tail -n 5 "$scratch/log" >&2
    continue
  fi
  eustress=$project/build/$preset/bin/eustress
  cache=build/$preset/CMakeCache.txt
  launcher=$(sed -n 's/^MPIEXEC_EXECUTABLE:[A-Z]*=//p' "$cache")
  compilers[$preset]=$("$eustress" --version | sed 's/.*, \(.*\))$/\1/')
  mpis[$preset]=$("$launcher" --version 2>&1 |
    sed -n 's/^.*(Open[A-Z a-z]*) \([0-9.]*\).*/Open MPI \1/p; s/^ *Version: */MPICH /p' | head -n 1)
  work=$scratch/$preset
  mkdir -p "$work"
  run() { # run RANKS THREADS DIRECTORY [OPTIONS]
    local start=()
    [ "$1" -eq 1 ] || start=("$launcher" -n "$1")
    "${start[@]}" "$eustress" run "$scratch/study.toml" -o "$3" --threads "$2" --quiet "${@:4}" \
      >"$scratch/log" 2>&1 && return 0
    echo "matrix: $preset: a run on $1 ranks and $2 threads failed:" >&2
    cat "$scratch/log" >&2
    return 1
  }
  run 1 1 "$work/reference"
  built+=("$preset")
  record "$preset" best-instruction-set "$work/reference"
  for isa in baseline avx2 avx512; do
    if run 1 1 "$work/$isa" --isa "$isa" 2>/dev/null; then
      record "$preset" "$isa" "$work/$isa"
      rm -rf "${work:?}/$isa"
    elif ! grep -q "cannot run instruction set" "$scratch/log"; then
      cat "$scratch/log" >&2
      exit 1
    fi
  done
  layouts=()
  for ranks in 1 2 3 4 7; do for threads in 1 2 4; do layouts+=("$ranks $threads"); done; done
  for i in "${!layouts[@]}"; do
    read -r ranks threads <<<"${layouts[$i]}"
    read -r ranks2 threads2 <<<"${layouts[$(((i + 4) % ${#layouts[@]}))]}"
    run "$ranks" "$threads" "$work/straight"
    record "$preset" "$ranks-x-$threads" "$work/straight"
    take_middle "$work/straight" "$work/restarted"
    run "$ranks2" "$threads2" "$work/restarted"
    record "$preset" "$ranks-x-$threads,-day-20,-$ranks2-x-$threads2" "$work/restarted"
    rm -rf "$work/straight" "$work/restarted"
  done
done
[ ${#built[@]} -gt 0 ] || exit 1

# Not compared with the reference run: nothing is promised, the hash tells.
first=${built[0]}
for preset in "${built[@]:1}"; do
  eustress=$project/build/$preset/bin/eustress
  take_middle "$scratch/$first/reference" "$scratch/$preset/adopted"
  "$eustress" run "$scratch/study.toml" -o "$scratch/$preset/adopted" --quiet
  runs=$((runs + 1))
  numbers "$scratch/$preset/adopted" | cut -c1-10 > "$cells/$preset.checkpoint-of-the-first-build"
done
rows+=(checkpoint-of-the-first-build)

cpu=$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1)
echo "Commit $revision, $cpu. $runs runs, $broken with files that differ from those of their build's"
echo "reference run; $(cat "$cells"/* | sort -u | wc -l) different hashes of the numbers."
echo
header="| ranks x threads |"
line="|---|"
for preset in "${built[@]}"; do
  header+=" ${compilers[$preset]}, ${mpis[$preset]} |"
  line+="---|"
done
echo "$header"
echo "$line"
for row in "${rows[@]}"; do
  text="| ${row//-/ } |"
  for preset in "${built[@]}"; do text+=" $(cat "$cells/$preset.$row" 2>/dev/null || true) |"; done
  echo "$text"
done
[ "$broken" -eq 0 ]
