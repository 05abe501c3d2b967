# Shared by the tests of this folder: $eustress, a scratch directory to work in, counted checks.
set -u
eustress=$1
project=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1
checks=0
failures=0

# check DESCRIPTION COMMAND...: the command must succeed.
check() {
  local description=$1
  shift
  checks=$((checks + 1))
  if ! "$@"; then
    failures=$((failures + 1))
    echo "FAILED: $description"
  fi
}

finish() {
  echo "$((checks - failures)) passed, $failures failed"
  [ "$failures" -eq 0 ] && [ "$checks" -gt 0 ]
  exit
}
