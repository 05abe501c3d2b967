#!/usr/bin/env bash
# Installs the Debian 12 packages that eustress needs. Idempotent; does nothing if all are there.
#   bash jobs/install-packages.sh run     what building and running the program takes
#   bash jobs/install-packages.sh test    and what the tests take
set -euo pipefail

build=(cmake g++ git ca-certificates ninja-build pkg-config
  libboost-dev libcli11-dev libeigen3-dev libfmt-dev libhdf5-openmpi-dev libnlopt-dev libopenmpi-dev
  librandom123-dev libssl-dev libtomlplusplus-dev libxxhash-dev nlohmann-json3-dev openmpi-bin)
test=(libbenchmark-dev libgmock-dev libgtest-dev librapidcheck-dev libsundials-dev
  hdf5-tools netcdf-bin python3-h5netcdf python3-netcdf4 python3-numpy python3-statsmodels python3-xarray
  munge slurm-client slurmctld slurmd strace)

case "${1:-}" in
  run) packages=("${build[@]}") ;;
  test) packages=("${build[@]}" "${test[@]}") ;;
  *) sed -n 2,4p "$0"; exit 2 ;;
esac

missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)
  [ "$status" = "install ok installed" ] || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "== all packages are installed"
  exit 0
fi
echo "== installing ${missing[*]}"
sudo=()
[ "$(id -u)" -eq 0 ] || sudo=(sudo)
"${sudo[@]}" apt-get update -qq
"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
  "${missing[@]}" >/dev/null
