#!/usr/bin/env bash
# Every study that users start from: no errors, a small version runs to a report.
. "$(dirname "$0")/common.sh"

for study in "$project"/jobs/studies/*.toml; do
  name=$(basename "$study" .toml)
  check "$name is correct" "$eustress" check "$study"
  check "$name runs" "$eustress" run "$study" -o "$name" --set population.individuals=500 --quiet
  check "$name has a report" "$eustress" report "$name"
  check "$name's report is there" test -s "$name/report.html"
  check "$name's results" "$eustress" info "$name"
  # The effective study must be one that can be run again, with the same results.
  sed "s|\"data/|\"$project/jobs/studies/data/|" "$name/study.toml" > "$name.toml"
  check "$name again" "$eustress" check "$name.toml"
done
check "demo" "$eustress" demo -o demo2 --set population.individuals=500 --quiet
check "init" "$eustress" init mine.toml
check "what init wrote" "$eustress" check mine.toml
check "parameters" bash -c '"$0" parameters | grep -q stress_gain' "$eustress"
check "schema" bash -c '"$0" schema | /usr/bin/python3 -m json.tool >/dev/null' "$eustress"
check "docs/parameters.md is up to date" bash -c '"$0" parameters | cmp - "$1/docs/parameters.md"' \
  "$eustress" "$project"
finish
