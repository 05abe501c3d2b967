#!/usr/bin/env bash
# Fuzzes the readers with libFuzzer, address and undefined-behaviour sanitizers, each for so many
# seconds, starting from tests/fuzz/corpus and what earlier runs have found (build/fuzz/found). An input
# that crashes a reader is kept as build/fuzz/crash-*. Needs the packages clang and libclang-rt-14-dev.
#   bash tests/fuzz/run.sh SECONDS [study|cohort|cohort_arrays|stressors|checkpoint|results ...]
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:?how many seconds}
shift
targets=("${@:-study}")
[ $# -gt 0 ] || targets=(study cohort cohort_arrays stressors checkpoint results)

cmake --preset fuzz >/dev/null
cmake --build --preset fuzz --target "${targets[@]/#/fuzz_}"
export LSAN_OPTIONS=suppressions=$PWD/tests/io/results/hdf5_leaks.txt
status=0
for target in "${targets[@]}"; do
  found=build/fuzz/found/$target
  mkdir -p "$found"
  log=build/fuzz/$target.log
  # Reading arrays may compute for 5 s, three times per input, until it is given up.
  timeout=20
  [ "$target" != cohort_arrays ] || timeout=120
  options=(-max_total_time="$seconds" -timeout="$timeout" -rss_limit_mb=4096 -max_len=131072 -detect_leaks=0
    -print_final_stats=1 -artifact_prefix="build/fuzz/crash-$target-")
  if [ "$target" = study ]; then
    # The keys and sections of the reference.
    sed -nE 's/^\| `([a-z0-9_.]+)` .*/"\1 = "/p; s/^#+ (\[+[a-z_.]+\]+)$/"\1\\x0a"/p' docs/parameters.md |
      sort -u >build/fuzz/study.dict
    options+=(-dict=build/fuzz/study.dict)
  fi
  result=clean
  "build/fuzz/tests/bin/fuzz_$target" "${options[@]}" "$found" "tests/fuzz/corpus/$target" >"$log" 2>&1 ||
    { result="FAILED, see $log"; status=1; }
  echo "$target: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") inputs in $seconds s, $result"
done
exit "$status"
