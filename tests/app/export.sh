#!/usr/bin/env bash
# Tables in CSV hold the numbers of the files, all of them, and nothing is replaced unasked.
. "$(dirname "$0")/common.sh"
here=$project/tests/app

cat > study.toml <<'TOML'
[study]
name = "tables"
days = 28
seed = 7
[population]
individuals = 150
[[wave]]
name = "flood"
day = 5
fraction = 0.5
[[probe]]
name = "first_test"
kind = "tsst"
day = 10
[[probe]]
name = "crh"
kind = "crh"
day = 12
[output]
individuals = true
strata = ["sex"]
TOML
treated_arm >> study.toml

check "run" "$eustress" run study.toml -o run --quiet
check "export" "$eustress" export run
check "tables hold the numbers" /usr/bin/python3 "$here/check_tables.py" run run/csv wide
check "export of the long form" "$eustress" export run -o "a/long one" --long
check "the long form too" /usr/bin/python3 "$here/check_tables.py" run "a/long one" long
before=$(sha256sum run/csv/series.csv)
"$eustress" export run --long 2>message
check "tables are not replaced" [ $? -eq 2 ]
check "with the remedy" grep -q -- "--force" message
check "and left as they were" [ "$before" = "$(sha256sum run/csv/series.csv)" ]
check "--force replaces them" "$eustress" export run --long --force
check "as asked" cmp run/csv/series.csv "a/long one/series.csv"

"$eustress" export nowhere 2>message
check "no such directory" [ $? -eq 3 ]
check "is named" grep -q "'nowhere' is no directory" message
mkdir empty unfinished unfinished/checkpoints
"$eustress" export empty 2>message
check "a directory without a run" [ $? -eq 3 ]
check "is told" grep -q "holds no run" message
"$eustress" export unfinished 2>message
check "an unfinished run" [ $? -eq 3 ]
check "with what to do" grep -q "eustress resume unfinished" message
: > file
"$eustress" export run -o file 2>message
check "a file as directory" [ $? -eq 4 ]
bash -c 'ulimit -f 8; exec "$0" export run -o small' "$eustress" 2>message
check "a full disk" [ $? -eq 4 ]
check "leaves no tables" [ -z "$(ls small)" ]
cp -r run damaged
/usr/bin/python3 - <<'PYTHON'
import h5py
with h5py.File("damaged/individuals.h5") as file:
    place = file["final_symptoms"].id.get_offset()
with open("damaged/individuals.h5", "r+b") as file:
    file.seek(place)
    byte = file.read(1)[0]
    file.seek(place)
    file.write(bytes([byte ^ 1]))
PYTHON
"$eustress" export damaged -o none 2>message
check "a damaged file" [ $? -eq 3 ]
check "names the variable" grep -q "final_symptoms" message
check "and gives no tables" [ ! -e none ]
finish
