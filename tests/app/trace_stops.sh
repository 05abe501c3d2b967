#!/usr/bin/env bash
# Runs that are stopped or killed while traced individuals are walked, and branched runs with traces:
# gone on with in the usual ways, they end in the same bytes.
. "$(dirname "$0")/common.sh"

# Somebody of each block, whose walk takes as long as that of the cohort.
cat > study.toml <<TOML
[study]
name = "stops"
days = 60
[population]
individuals = 448
[[wave]]
name = "flood"
day = 9
[[arm]]
name = "frozen"
set = { "reinforcement.active" = false }
[output]
individuals = true
[traces]
individuals = [$(seq -s ', ' 7 64 447)]
every_min = 0
[checkpoint]
mtbf_h = 10000           # none but at stops
TOML
slow=(--isa baseline --threads 1)

same() {
  local file
  for file in traces.nc results.nc individuals.h5 study.toml; do cmp "$1/$file" "$2/$file" || return 1; done
}
# in_traces DIRECTORY SIGNAL WHOM COMMAND...: the signal comes when the cohort is walked; to the process
# that is started, or to a child of it. The exit code is left in $code.
in_traces() {
  local signal=$2 whom=$3 process target
  "${@:4}" > "$1.txt" 2>&1 &
  process=$!
  until grep -qs '100.0 %' "$1.txt" || ! kill -0 "$process" 2>/dev/null; do sleep 0.05; done
  sleep 0.2  # the line comes before the first step of the traces
  target=$process
  [ "$whom" = child ] && target=$(pgrep -P "$process" -f "run study.toml" | tail -1)
  kill "-$signal" "$target"
  code=0
  wait "$process" || code=$?
}

check "straight run" "$eustress" run study.toml -o straight --quiet
in_traces USR1 USR1 process "$eustress" run study.toml -o USR1 "${slow[@]}"
check "a signal in the traces ends the run with 85 (it was $code)" [ "$code" -eq 85 ]
check "it says where" grep -q "stopped after day 60, in the traces: asked to by SIGUSR1" USR1.txt
check "the checkpoint is there" test -s USR1/checkpoints/day-000060.h5
check "no half file of traces is" [ -z "$(find USR1 -maxdepth 1 -type f)" ]
check "a limit" exits 85 "$eustress" run study.toml -o USR1 "${slow[@]}" --max-walltime 1s
check "stops in the traces too" says "in the traces: --max-walltime of 1 s"
check "without another checkpoint" [ "$(find USR1/checkpoints -name '*.h5' | wc -l)" -eq 1 ]
in_traces ranks TERM child mpirun -n 3 "$eustress" run study.toml -o ranks "${slow[@]}"
check "a signal to one of three ranks stops all (it was $code)" grep -q "in the traces: .*SIGTERM\|in the traces: another rank" ranks.txt
check "in the same way (it was $code)" [ "$code" -eq 85 ]
check "with one checkpoint" test -s ranks/checkpoints/day-000060.h5
in_traces killed KILL process "$eustress" run study.toml -o killed "${slow[@]}" --set checkpoint.every_days=50
check "killed in the traces (it was $code)" [ "$code" -eq 137 ]
cp -r USR1 again
check "the same command goes on" mpirun -n 2 "$eustress" run study.toml -o USR1 --threads 2 --quiet
check "so does resume" mpirun -n 3 "$eustress" resume again --threads 1 --quiet
check "after a stop of ranks" "$eustress" resume ranks --threads 2 --quiet
check "after a kill" "$eustress" run study.toml -o killed --threads 2 --quiet
for run in USR1 again ranks killed; do
  check "$run: the same bytes" same straight "$run"
  check "$run: no checkpoints are left" test ! -e "$run/checkpoints"
done

# A branch keeps what it started from until it is done.
check "parent" "$eustress" run study.toml -o parent --quiet --set checkpoint.every_days=20 \
  --set checkpoint.keep_after_run=true
from=parent/checkpoints/day-000020.h5
branch=(run --from "$from" --set hpa.stress_gain=3 --set checkpoint.every_days=30 --set checkpoint.keep_after_run=false)
arm=(run --from "$from" --arm frozen --set checkpoint.every_days=30 --set checkpoint.keep_after_run=false)
check "branch" "$eustress" "${branch[@]}" -o branch --quiet
check "branch of an arm" "$eustress" "${arm[@]}" -o frozen --quiet
check "nothing of it is left" test ! -e branch/checkpoints
check "stop of a branch" exits 85 "$eustress" "${branch[@]}" -o stopped --max-walltime 1s
check "the same command goes on" exits 85 "$eustress" "${branch[@]}" -o stopped --max-walltime 1s
check "it says so" says "going on from stopped/checkpoints/day-0000"
check "stop of a branch of an arm" exits 85 mpirun -n 2 "$eustress" "${arm[@]}" -o arm --threads 1 --max-walltime 1s
check "what it started from takes no room" [ stopped/checkpoints/origin/day-000020.h5 -ef "$from" ]
cp -r stopped bare && rm -r bare/checkpoints/origin
cp -r stopped wrong && cp parent/checkpoints/day-000040.* wrong/checkpoints/origin && rm wrong/checkpoints/origin/day-000020.*
cp -r stopped elsewhere
mv parent gone
check "without its parent" exits 3 "$eustress" "${branch[@]}" -o stopped
check "the way on is told" says "eustress resume stopped goes on from them"
check "resume" mpirun -n 2 "$eustress" resume stopped --threads 2 --quiet
check "resume of an arm" "$eustress" resume arm --quiet
check "resume of a copy" "$eustress" resume elsewhere --quiet
check "the same bytes" same branch stopped
check "the same bytes of an arm" same frozen arm
check "the same bytes of a copy" same branch elsewhere
check "nothing is left" test ! -e stopped/checkpoints
check "without what it started from" exits 3 "$eustress" resume bare
check "a resume says so" says "need the checkpoint that it started from \(checkpoint [0-9a-f]{16} after day 20\) in 'bare/checkpoints/origin': it is not there"
check "another one" exits 3 "$eustress" resume wrong
check "is not taken for it" says "'wrong/checkpoints/origin/day-000040.h5' is not the one"
mv gone parent
check "with the parent back the first command goes on" "$eustress" "${branch[@]}" -o bare --quiet
check "to the same bytes" same branch bare
check "--force drops what a branch kept" "$eustress" "${branch[@]}" -o wrong --quiet --force
check "and ends the same" same branch wrong
finish
