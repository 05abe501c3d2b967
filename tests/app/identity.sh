#!/usr/bin/env bash
# The result files are the same bytes for any number of ranks and threads, with and without a launcher,
# with more ranks than blocks, and for every instruction set of the build.
. "$(dirname "$0")/common.sh"

cp "$project/tests/support/identity.toml" study.toml
treated_arm >> study.toml

same() {
  local file
  for file in results.nc individuals.h5 study.toml; do cmp "reference/$file" "$1/$file" || return 1; done
}

check "reference run" "$eustress" run study.toml -o reference --threads 1 --quiet
for ranks in 1 2 3 4 7 14; do
  for threads in 1 2 4; do
    run=ranks$ranks-threads$threads
    check "$run runs" mpirun -n "$ranks" "$eustress" run study.toml -o "$run" --threads "$threads" --quiet 2>/dev/null
    check "$run is the same bytes" same "$run"
    rm -rf "$run"
  done
done
check "again over the same directory" "$eustress" run study.toml -o reference2 --threads 2 --quiet
check "the same again" same reference2
for isa in baseline avx2 avx512; do
  "$eustress" run study.toml -o "$isa" --isa "$isa" --quiet 2>message
  status=$?
  if [ "$status" -eq 2 ] && grep -q "cannot run instruction set" message; then
    echo "$isa: not on this processor"
    continue
  fi
  check "$isa runs" [ "$status" -eq 0 ]
  check "$isa is the same bytes" same "$isa"
done
# A test that cannot fail proves nothing: another seed must give other bytes.
check "another seed runs" "$eustress" run study.toml -o other --set study.seed=8 --quiet
different() { ! cmp -s reference/results.nc other/results.nc; }
check "another seed differs" different
finish
