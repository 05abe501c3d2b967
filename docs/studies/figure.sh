#!/usr/bin/env bash
# Runs an example study and makes the figure of its page: one figure of the run's report as a picture,
# and the comparison of its arms as text.
#   bash docs/studies/figure.sh NAME FIGURE [EUSTRESS]     NAME: of jobs/studies; FIGURE: its anchor
# Needs chromium and python3. Writes docs/figures/studies/NAME.png and NAME.txt.
set -euo pipefail
cd "$(dirname "$0")/../.."
name=$1 figure=$2 eustress=$(realpath "${3:-build/release/bin/eustress}")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p docs/figures/studies

"$eustress" run "jobs/studies/$name.toml" -o "$scratch/run" --quiet
"$eustress" report "$scratch/run" >/dev/null
(cd "$scratch" && "$eustress" compare run) >"docs/figures/studies/$name.txt"
python3 - "$scratch" "$figure" <<'PYTHON'
import re, sys
scratch, figure = sys.argv[1:]
page = open(f"{scratch}/run/report.html", encoding="utf-8").read()
style = re.search(r"<style>.*?</style>", page, re.S).group(0)
chosen = re.search(rf'<figure id="{figure}">.*?</figure>', page, re.S)
if chosen is None:
    ids = re.findall(r'<figure id="([^"]+)"', page)
    sys.exit(f"no figure '{figure}'; the report has {', '.join(ids)}")
with open(f"{scratch}/figure.html", "w", encoding="utf-8") as out:
    out.write(f'<!DOCTYPE html><html><head><meta charset="utf-8"/>{style}</head>'
              f'<body><main>{chosen.group(0)}</main><script>'
              f'document.body.dataset.height = document.body.scrollHeight</script></body></html>')
PYTHON
shot() {
  chromium --headless --no-sandbox --disable-gpu --hide-scrollbars "$@" "file://$scratch/figure.html" 2>/dev/null
}
# As high as the figure: more arms need more room.
height=$(shot --window-size=1000,100 --dump-dom | sed -n 's/.*data-height="\([0-9]*\)".*/\1/p')
shot --window-size="1000,$((height + 10))" --screenshot="docs/figures/studies/$name.png"
echo "docs/figures/studies/$name.png, docs/figures/studies/$name.txt"
