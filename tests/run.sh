#!/usr/bin/env bash
# From nothing to a tested build on a fresh Debian 12: installs packages (as root or with sudo), builds
# the release with warnings as errors and runs every test.
#   bash tests/run.sh [ctest options]     for example: bash tests/run.sh -L core
set -euo pipefail
cd "$(dirname "$0")/.."

bash jobs/install-packages.sh test
echo "== building"
cmake --preset ci -DEUSTRESS_BUILD_TESTS=ON -DEUSTRESS_BUILD_BENCH=ON >/dev/null
cmake --build --preset ci
echo "== testing"
log=build/ci/ctest.log
status=0
ctest --preset ci --parallel "$(nproc)" "$@" | tee "$log" || status=$?
# A closing line that says the same in every language.
awk '/tests passed, .* tests failed out of/ {
  for (i = 1; i <= NF; ++i) { if ($i == "failed") f = $(i - 2); if ($i == "of") n = $(i + 1) }
  print n - f " passed, " f " failed" }' "$log"
exit "$status"
