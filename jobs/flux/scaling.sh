#!/usr/bin/env bash
# Strong or weak scaling from one rank to all of the job. From the root of the repository:
#   INDIVIDUALS=1000000 flux batch jobs/flux/scaling.sh strong
#flux: --job-name=eustress-scaling
#flux: --output=eustress-scaling-{{id}}.log
#flux: --nodes=4
#flux: --nslots=8
#flux: --cores-per-slot=16
#flux: --exclusive
#flux: --time-limit=2h
ranks=8
threads=16
set -euo pipefail

export OMP_PLACES=cores OMP_PROC_BIND=close OMPI_MCA_hwloc_base_binding_policy=none
bash jobs/scaling.sh "${1:-strong}" "$ranks" "$threads" \
  flux run --cores-per-task="$threads" -o cpu-affinity=per-task --ntasks
