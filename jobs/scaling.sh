#!/usr/bin/env bash
# The runs of a scaling study, one after another in one allocation: 1, 2, 4, ... ranks.
#   bash jobs/scaling.sh strong|weak RANKS THREADS LAUNCHER...
#     strong    INDIVIDUALS in all, for any number of ranks
#     weak      INDIVIDUALS per rank
#     LAUNCHER  what starts ranks, their number being added to it: srun --ntasks, mpirun -n
# From the environment: EUSTRESS, STUDY, OUTPUT, INDIVIDUALS. Writes OUTPUT/scaling.csv; an efficiency
# of 1 means that n ranks do n times the individual-days per second of one.
set -euo pipefail

if [ $# -lt 4 ] || { [ "$1" != strong ] && [ "$1" != weak ]; }; then
  sed -n 2,8p "$0"
  exit 2
fi
mode=$1
most=$2
threads=$3
shift 3
eustress=${EUSTRESS:-build/release/bin/eustress}
study=${STUDY:-jobs/studies/demo.toml}
output=${OUTPUT:-scaling-$mode}
individuals=${INDIVIDUALS:-100000}

mkdir -p "$output"
table=$output/scaling.csv
echo "mode,ranks,threads,individuals,seconds,individual_days_per_s,efficiency" | tee "$table"
ranks=1
while :; do
  size=$individuals
  [ "$mode" = strong ] || size=$((individuals * ranks))
  "$@" "$ranks" "$eustress" run "$study" -o "$output/ranks$ranks" --threads "$threads" --force --quiet \
    --set "population.individuals=$size"
  awk -F'[:,]' -v row="$mode,$ranks,$threads,$size" -v ranks="$ranks" -v table="$table" '
    /^  "wall_s"/ { seconds = $2 }
    /^  "individual_days_per_s"/ { rate = $2 }
    END {
      while ((getline line < table) > 0) if (split(line, f, ",") && f[2] == 1) single = f[6]
      if (ranks == 1) single = rate
      printf "%s,%.3f,%.4g,%.3f\n", row, seconds, rate, rate / (ranks * single)
    }' "$output/ranks$ranks/log.json" | tee -a "$table"
  [ "$ranks" -lt "$most" ] || break
  ranks=$((ranks * 2 < most ? ranks * 2 : most))
done
