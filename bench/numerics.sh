#!/usr/bin/env bash
# The numerics of the HPA axis and of the time step, measured: writes the tables and figures of
# docs/numerics.md, and all numbers as JSON to docs/figures/numerics/numerics.json.
#   bash bench/numerics.sh [DIRECTORY]     of the page; docs. About ten minutes on a quiet machine:
#                                          most of it runs the published results at 5 and at 2.5 min
set -euo pipefail
cd "$(dirname "$0")/.."
page=${1:-docs}

bash jobs/install-packages.sh test >&2
cmake --preset release -DEUSTRESS_BUILD_TESTS=OFF -DEUSTRESS_BUILD_BENCH=ON >/dev/null
cmake --build --preset release --target eustress bench_numerics >&2
bin=build/release/bin

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for step in 5 2.5; do
  status=0
  "$bin/eustress" validate --set "numerics.dt_min=$step" --json "$scratch/$step.json" --quiet ||
    status=$?
  # 8: other rows fail than the known ones. At another step that is a result, not a mistake.
  [ "$status" = 0 ] || [ "$status" = 8 ]
done
mkdir -p "$page/figures/numerics"
"$bin/bench_numerics" --json "$page/figures/numerics/numerics.json" \
  --targets "$scratch/5.json" "$scratch/2.5.json" --page "$page"
echo "written: $page/numerics.md, $page/figures/numerics"
