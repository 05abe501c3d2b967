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

# exits CODE COMMAND...: what it prints goes to output.txt and message.txt.
exits() {
  local expected=$1 code=0
  shift
  "$@" > output.txt 2> message.txt || code=$?
  [ "$code" -eq "$expected" ] || { echo "exit code $code, not $expected"; cat output.txt message.txt; return 1; }
}
# says PATTERN: the last command of `exits` did.
says() { grep -qE -- "$1" output.txt message.txt || { cat output.txt message.txt; return 1; }; }
# code CODE ARGUMENTS...: the program with these arguments; what it prints goes to out and err.
code() {
  local expected=$1 code=0
  shift
  "$eustress" "$@" > out 2> err || code=$?
  [ "$code" -eq "$expected" ] || { echo "exit code $code, not $expected"; cat out err; return 1; }
}
# has FILE PATTERN
has() { grep -qE -- "$2" "$1" || { cat "$1"; return 1; }; }

# An arm with interventions of every sort of schedule and target.
treated_arm() {
  cat <<'TOML'
[[arm]]
name = "treated"
[[intervention]]
name = "course"
kind = "coping_training"
arms = ["treated"]
start_day = 2
end_day = 25
target = "fraction"
fraction = 0.5
adherence = 0.8
dropout_per_d = 0.03
build_up_d = 7
decay_d = 20
booster = 0.1
[[intervention]]
name = "sessions"
kind = "inoculation"
arms = ["treated"]
start_day = 4
end_day = 20
every_days = 5
time = "10:00"
duration_min = 45
[[intervention]]
name = "blocker"
kind = "propranolol"
arms = ["treated"]
start_day = 12
end_day = 22
time = "14:00"
duration_min = 180
target = "symptoms"
threshold = 0.3
stepped = true
TOML
}

finish() {
  echo "$((checks - failures)) passed, $failures failed"
  [ "$failures" -eq 0 ] && [ "$checks" -gt 0 ]
  exit
}
