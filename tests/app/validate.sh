#!/usr/bin/env bash
# eustress validate: the table, its exit codes, JSON and page, subsets and mistakes. The numbers are
# what `eustress validate` itself is for.
. "$(dirname "$0")/common.sh"

check 'rows that hold pass' code 0 validate E1 e16 --json ok.json --page page
check 'a row is shown with its source' has out '^E1 .*Karin 2020.* pass$'
check 'a quantity is shown with its band' has out 'u=1: cortisol +0\.985 +0\.98518 to 0\.98538 +0\.985'
check 'ids are taken in any case' has out '^E16 '
check 'other rows are not run' bash -c '! grep -qE "^E2 " out'
check 'the JSON is valid and complete' python3 - <<'PYTHON'
import json
table = json.load(open("ok.json"))
assert [row["id"] for row in table["rows"]] == ["E1", "E16"]
assert table["passed"] == ["E1", "E16"] and table["as_known"] is True
assert all(q["holds"] for row in table["rows"] for q in row["quantities"])
assert len(table["rows"][0]["quantities"]) == 11
PYTHON
check 'the file is not replaced' code 2 validate E1 --json ok.json
check 'of which it tells' has err "'ok.json' is there already.*--force"
check 'unless --force' code 0 validate E1 --json ok.json --force
check 'the page has the rows' has page/validation.md '^## E1 HPA axis .*: pass$'
check 'the page shows figures that are there' test -s page/figures/validation/E16.svg
check 'figures are XML' python3 -c '
import sys, xml.dom.minidom
for name in sys.argv[1:]: xml.dom.minidom.parse(name)' page/figures/validation/E1.svg page/figures/validation/E16.svg

check 'a row that should hold and does not gives 8' code 8 validate E1 --set hpa.gr_half_saturation=6
check 'it is named' has out '^FAIL, not among the known failures: E1$'

check 'an unknown row is a usage error' code 2 validate E1 E20
check 'with a suggestion' has err "no row 'E20'.*Did you mean 'E2"
check 'a wrong key is a usage error' code 2 validate E1 --set hpa.strss_gain=1
check 'with a suggestion' has err "Did you mean 'stress_gain'"

check 'a letter is a theme' code 2 validate R Q
check 'if there is one' has err "no row 'Q'"

# A run of people: the same table on any number of threads.
"$eustress" validate E13 --scale 0.1 --threads 1 --json one.json >out1 2>/dev/null
"$eustress" validate E13 --scale 0.1 --threads 3 --json three.json >out3 2>/dev/null
check 'people were simulated' has out1 'rise in 30 min, %'
check 'threads change nothing' cmp one.json three.json

finish
