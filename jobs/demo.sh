#!/usr/bin/env bash
# From nothing to the demonstration's report on a fresh Debian 12: installs packages (as root or with
# sudo), builds the release and runs `eustress demo`.
#   bash jobs/demo.sh [DIRECTORY]     results; default: build/demo
set -euo pipefail
cd "$(dirname "$0")/.."
results=${1:-build/demo}

bash jobs/install-packages.sh run
echo "== building the release"
cmake --preset release -DEUSTRESS_BUILD_TESTS=OFF -DEUSTRESS_BUILD_BENCH=OFF >/dev/null
cmake --build --preset release --target eustress
echo "== running the demonstration"
build/release/bin/eustress demo --force -o "$results"
echo "== open $results/report.html in a browser"
