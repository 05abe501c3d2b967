#!/usr/bin/env bash
# A rank that hangs ends the job: with a message that says who waited where, and without loss.
. "$(dirname "$0")/common.sh"

cat > study.toml <<'TOML'
[study]
name = "stuck"
days = 2000
[population]
individuals = 20000
[output]
series_every_days = 100
questionnaire_every_days = 98
[checkpoint]
every_days = 20
TOML

# ranks_of PID: processes of eustress that this launcher has started.
ranks_of() {
  local stat
  for stat in /proc/[0-9]*/stat; do
    awk -v parent="$1" '$2 == "(eustress)" && $4 == parent { print $1 }' "$stat" 2>/dev/null
  done
}
# Waits for a checkpoint.
until_saved() {
  local i
  for i in $(seq 600); do
    compgen -G "out/checkpoints/day-*.h5" >/dev/null && return 0
    [ -e "/proc/$launcher" ] || return 1
    sleep 0.1
  done
  return 1
}

for stopped in first last; do
  rm -rf out
  mpirun -n 3 "$eustress" run study.toml -o out --threads 1 --quiet --collective-timeout 2s 2>message &
  launcher=$!
  check "a checkpoint comes" until_saved
  mapfile -t ranks < <(ranks_of "$launcher" | sort -n)
  check "three ranks run" [ "${#ranks[@]}" -eq 3 ]
  [ "${#ranks[@]}" -eq 3 ] || { cat message; kill "$launcher"; finish; }
  if [ "$stopped" = first ]; then victim=${ranks[0]}; else victim=${ranks[2]}; fi
  kill -STOP "$victim"
  begin=$SECONDS
  wait "$launcher"
  code=$?
  check "$stopped rank hangs: exit code 70, not $code" [ "$code" -eq 70 ]
  check "$stopped rank hangs: soon" [ $((SECONDS - begin)) -lt 30 ]
  check "$stopped rank hangs: who and where" \
    grep -Eq "^eustress\[[0-2]\]: rank [0-2] on .+ has waited [0-9]+ s for other ranks in (MPI|H5)" message
  for i in $(seq 100); do  # its directory is locked until it is gone
    [ -e "/proc/$victim" ] || break
    kill -KILL "$victim" 2>/dev/null
    sleep 0.1
  done
  "$eustress" run study.toml -o out --max-walltime 1s 2>message >/dev/null
  code=$?
  check "goes on: exit code 85, not $code" [ "$code" -eq 85 ]
  check "from the checkpoint" grep -q "going on from .*day-" message
done
check "0 is for ever" bash -c \
  'timeout 60 mpirun -n 2 "$0" run study.toml -o patient --set study.days=5 --collective-timeout 0 --quiet' "$eustress"
"$eustress" run study.toml -o wrong --collective-timeout soon 2>message
check "a wrong duration" [ $? -eq 2 ]
finish
