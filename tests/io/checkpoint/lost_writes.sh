#!/usr/bin/env bash
# lost_writes.sh PROGRAM DIRECTORY: a file system that reports success for writes that it loses, by
# strace. Reading back must find each; the checkpoint is not published and the older one stays.
set -u
program=$1
directory=$2
rm -rf "$directory"
mkdir -p "$directory"
"$program" write "$directory/once" || exit 1
if ! strace -o /dev/null -e inject=getppid:retval=1 true 2>/dev/null; then
  echo "SKIPPED: strace cannot trace here"
  exit 77
fi
writes=$(strace -f -e trace=pwrite64 -o /dev/stdout "$program" write "$directory/count" | grep -c pwrite64)
echo "$writes writes"
[ "$writes" -gt 100 ] || exit 1
tried=0
lost() {  # number of the write, fault
  "$program" write "$directory/run" || exit 1
  strace -f -o /dev/null -e inject=pwrite64:"$2":when="$1" "$program" write "$directory/run" \
    2>"$directory/message" && { echo "write $1, $2: not noticed"; exit 1; }
  grep -q "cannot" "$directory/message" || { cat "$directory/message"; exit 1; }
  [ "$(ls -A "$directory/run" | tr '\n' ' ')" = "day-000012.h5 day-000012.json " ] ||
    { echo "write $1, $2: $(ls -A "$directory/run")"; exit 1; }
  "$program" read "$directory/run" || exit 1
  rm -rf "$directory/run"
  tried=$((tried + 1))
}
# Some rows; the last ones, which are the frame and the manifest. Not the first two, whose first
# number is 0, as it is where nothing was written.
for n in 3 4 50 100 $((writes - 4)) $((writes - 1)) $writes; do
  lost "$n" retval=8
done
for n in 1 60 $((writes - 2)) $writes; do
  lost "$n" error=ENOSPC
  lost "$n" error=EIO
done
echo "$tried faults, all noticed"
