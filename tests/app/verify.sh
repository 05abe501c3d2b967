#!/usr/bin/env bash
# eustress verify: right here, finds what is not, cleans up, and says so if it could not try everything.
. "$(dirname "$0")/common.sh"
mkdir tmp
export TMPDIR=$scratch/tmp

# verify CODE ARGUMENTS...: the exit code; the table is in `table`.
verify() {
  local code=$1
  shift
  "$eustress" verify "$@" >table 2>&1
  local status=$?
  [ "$status" -eq "$code" ] && return 0
  echo "exit code $status, not $code"
  cat table
  return 1
}
clean() { [ -z "$(ls -A tmp)" ]; }

if [ -n "$(command -v mpirun)" ]; then
  check "everything is the same" verify 0 -o kept
  cat table
  check "and says so" grep -q " 0 wrong, 0 skipped" table
  check "on several ranks" [ "$(grep -c "^[a-z]* .* 3 x 1 .* same" table)" -ge 2 ]
  check "killed in the middle" [ "$(grep -c "^[a-z]* .*SIGKILL, resumed.* -> .* same" table)" -ge 5 ]
  check "stopped in the middle" [ "$(grep -c "^[a-z]* .*SIGUSR1, resumed.* -> .* same" table)" -ge 4 ]
  check "in slices" grep -q "slices .*, slice [2-9] day .* same" table
  check "files are kept" [ -s kept/001-people/individuals.h5 ]
  check "nothing else is left" clean
  check "a directory that holds something is refused" verify 2 -o kept
  mpirun -n 2 "$eustress" verify >table 2>&1
  check "under a launcher it is refused" [ $? -eq 2 ]
  check "once" [ "$(grep -c "verify starts its runs itself" table)" -eq 1 ]
fi
check "on one rank" verify 0 --launcher none
check "nothing is skipped then" grep -q " 0 wrong, 0 skipped" table
check "without a launcher" verify 7 --launcher "no-such-program -n {ranks}"
check "rows are skipped" grep -q "3 x 2 .* skipped" table
check "the program is named" grep -q "no program 'no-such-program'" table
check "a launcher without number" verify 2 --launcher "mpirun -n 4"
# A launcher that changes the study stands for a machine that computes something else.
cat > liar <<'SH'
#!/bin/sh
shift
case "$*" in
  *" resume "*) exec "$@" ;;
  *) exec "$@" --set study.seed=99 ;;
esac
SH
chmod +x liar
check "other numbers are found" verify 6 --launcher "./liar {ranks}"
check "with the place" grep -q "people .* 3 x 2 .* DIFFERENT: results.nc differs from byte" table
cat > broken <<'SH'
#!/bin/sh
echo "no route to host"
exit 9
SH
chmod +x broken
check "a launcher that fails" verify 6 --launcher "./broken {ranks}"
check "with its code" grep -q "FAILED: exit code 9" table
check "and its words" grep -q "| no route to host" table
check "nothing is left" clean
"$eustress" verify --launcher none >/dev/null 2>&1 &
sleep 1
kill -TERM $!
wait $!
check "stopped" [ $? -eq 143 ]
check "nothing is left then" clean
finish
