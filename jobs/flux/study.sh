#!/usr/bin/env bash
# A study that may take longer than the time limit, for Flux. The signal of `flux batch --signal` goes
# to the brokers of the job and not to the ranks, so eustress is given less time than the job: it writes
# a checkpoint, exits with code 85, and this script submits itself again. From the root of the
# repository:
#   STUDY=my_study.toml OUTPUT=results flux batch jobs/flux/study.sh
# Edit the resources here; the following jobs take them from here and not from the command line.
#flux: --job-name=eustress
#flux: --output=eustress-{{id}}.log
#flux: --nodes=2
#flux: --nslots=4
#flux: --cores-per-slot=16
#flux: --exclusive
#flux: --time-limit=12h
ranks=4
threads=16
max_walltime=${MAX_WALLTIME:-11h50m}
set -euo pipefail

eustress=${EUSTRESS:-build/release/bin/eustress}
study=${STUDY:-jobs/studies/demo.toml}
output=${OUTPUT:-results}
read -ra options <<<"${OPTIONS:-}"

# One thread per core, next to each other; Flux keeps each rank on its own cores.
export OMP_PLACES=cores OMP_PROC_BIND=close OMPI_MCA_hwloc_base_binding_policy=none

echo "== $ranks ranks x $threads threads"
begin=$(date +%s)
status=0
flux run --ntasks="$ranks" --cores-per-task="$threads" -o cpu-affinity=per-task \
  "$eustress" run "$study" -o "$output" --threads "$threads" --max-walltime "$max_walltime" \
  "${options[@]}" || status=$?
echo "== exit code $status"

# Only if this job came further, so that nothing is repeated for ever.
if [ "$status" -eq 85 ] &&
  [ -n "$(find "$output/checkpoints" -newermt "@$begin" -print -quit 2>/dev/null)" ]; then
  flux --parent batch jobs/flux/study.sh || echo "== not submitted; submit the job again to go on" >&2
fi
exit "$status"
