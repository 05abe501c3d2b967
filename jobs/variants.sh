#!/usr/bin/env bash
# Names and options of the variants of a study (jobs/variants.txt), for arrays of jobs.
#   bash jobs/variants.sh FILE count          how many there are
#   bash jobs/variants.sh FILE run N COMMAND  runs COMMAND for the N-th, from 1
#   bash jobs/variants.sh FILE each COMMAND   runs COMMAND for each, one after another
# COMMAND is a job script of this folder or what submits one. It gets the environment variables OUTPUT
# (the folder in OUTPUT that has the name of the variant) and OPTIONS.
set -euo pipefail

variants() { sed -E 's/#.*//; /^[[:space:]]*$/d' "$file"; }
run() {
  local name options
  read -r name options <<<"$1"
  shift
  OUTPUT=${OUTPUT:-results}/$name OPTIONS=$options "$@"
}

file=${1:-}
case "${2:-}" in
  count)
    variants | wc -l
    ;;
  run)
    line=$(variants | sed -n "${3}p")
    if [ -z "$line" ]; then
      echo "$file has no variant number $3, only $(variants | wc -l)" >&2
      exit 2
    fi
    run "$line" "${@:4}"
    ;;
  each)
    status=0
    while read -r line <&3; do run "$line" "${@:3}" || status=$?; done 3< <(variants)
    exit "$status"
    ;;
  *)
    sed -n 2,8p "$0"
    exit 2
    ;;
esac
