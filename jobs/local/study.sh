#!/usr/bin/env bash
# A long study on this machine with mpirun, in stretches of MAX_WALLTIME; without it in one go.
#   STUDY=my_study.toml OUTPUT=results RANKS=2 THREADS=8 bash jobs/local/study.sh
# SIGTERM, SIGUSR1 or Ctrl-C: it writes a checkpoint and exits with code 85; the same command goes on.
set -euo pipefail

eustress=${EUSTRESS:-build/release/bin/eustress}
study=${STUDY:-jobs/studies/demo.toml}
output=${OUTPUT:-results}
read -ra options <<<"${OPTIONS:-}"
[ -z "${MAX_WALLTIME:-}" ] || options+=(--max-walltime "$MAX_WALLTIME")
ranks=${RANKS:-1}
threads=${THREADS:-$(($(nproc) / ranks))}

# One thread per core, next to each other. A single rank may use all cores, which mpirun counts without
# hardware threads.
export OMP_PLACES=cores OMP_PROC_BIND=close
binding=(--map-by "slot:PE=$threads" --bind-to core)
[ "$ranks" -gt 1 ] || binding=(--bind-to none)

# Ranks get SIGUSR1 from mpirun, which answers SIGTERM by killing them. Its own process group (set -m)
# keeps the Ctrl-C of a terminal from it.
signals=0
launcher=
# shellcheck disable=SC2317 # reached by the trap
stop() {
  signals=$((signals + 1))
  [ -z "$launcher" ] || kill -USR1 "$launcher" 2>/dev/null || true
}
trap stop TERM USR1 INT
set -m

status=85
while [ "$status" -eq 85 ] && [ "$signals" -eq 0 ]; do
  mpirun -n "$ranks" "${binding[@]}" \
    "$eustress" run "$study" -o "$output" --threads "$threads" "${options[@]}" </dev/null &
  launcher=$!
  # A signal interrupts the waiting.
  waits=-1
  while [ "$waits" -ne "$signals" ]; do
    waits=$signals
    status=0
    wait "$launcher" || status=$?
  done
  echo "== exit code $status"
done
exit "$status"
