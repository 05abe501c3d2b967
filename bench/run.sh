#!/usr/bin/env bash
# Builds and runs all benchmarks; prints Markdown that names machine, compiler, flags and commit.
#   bash bench/run.sh                some minutes; use a quiet machine
#   bash bench/run.sh checkpoints    only what is about checkpoints
#   bash bench/run.sh studies        only what arms and observation cost
# PRESET=ci in the environment: with that build instead of release.
set -euo pipefail
cd "$(dirname "$0")/.."
case "$#:${1:-}" in
0: | 1:checkpoints | 1:studies) ;;
*)
  echo "usage: bash bench/run.sh [checkpoints|studies]" >&2
  exit 2
  ;;
esac

bash jobs/install-packages.sh test >&2
preset=${PRESET:-release}
[ "$preset" != release ] || cmake --preset release -DEUSTRESS_BUILD_TESTS=OFF -DEUSTRESS_BUILD_BENCH=ON >/dev/null
cmake --build --preset "$preset" --target eustress bench_kernels bench_peers bench_end_to_end \
  bench_checkpoint >&2
bin=build/$preset/bin

echo "machine: $(lscpu | sed -n 's/^Model name: *//p'), $(nproc) CPUs"
echo "program: $($bin/eustress --version)"
echo "flags: -O3 -DNDEBUG -ffp-contract=off -fno-math-errno and those of each instruction set"
echo "load: $(cut -d' ' -f1-3 /proc/loadavg)"

checkpoints() { # on the disk of the project
  local place
  place=$(mktemp -d -p build)
  echo
  echo "## Checkpoints"
  for individuals in 1000000 200000; do
    echo
    "$bin/bench_checkpoint" "$place" "$individuals" "$(nproc)"
  done
  echo
  python3 bench/checkpoint_cost.py "$bin/eustress" --threads "$(nproc)" --directory "$place"
  rm -rf "$place"
}
studies() {
  echo
  echo "## Arms and observation"
  echo
  python3 bench/study_cost.py "$bin/eustress" --threads "$(nproc)" --directory build
}
if [ $# -gt 0 ]; then
  "$1"
  exit
fi
echo
echo "## The HPA axis alone, against other solvers"
echo
$bin/bench_peers
echo
echo "## The whole model"
echo
$bin/bench_end_to_end
echo
echo "## Ranks"
echo
study=$(mktemp --suffix=.toml)
trap 'rm -rf "$study" "$study".*' EXIT
printf '[study]\nname = "ranks"\ndays = 28\n[population]\nindividuals = 16384\n' > "$study"
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
for round in 1 2 3; do
  for ranks in 1 2; do
    mpirun -n "$ranks" "$bin/eustress" run "$study" --threads 1 --quiet -o "$study.out" --force
    sed -n "s/.*\"individual_days_per_s\": \(.*\),/round $round, $ranks rank(s): \1 individual-days\/s/p" \
      "$study.out/log.json"
  done
done
checkpoints
studies
echo
echo "## Kernels"
echo
echo '```'
$bin/bench_kernels --benchmark_min_time=0.2 2>/dev/null
echo '```'
