#!/usr/bin/env bash
# Strong or weak scaling from one rank to all of the allocation. Submit from the root of the
# repository:
#   INDIVIDUALS=1000000 sbatch jobs/slurm/scaling.sh strong
# Edit the resources here or give them to sbatch.
#SBATCH --job-name=eustress-scaling
#SBATCH --output=%x-%j.log
#SBATCH --nodes=4
#SBATCH --ntasks-per-node=2
#SBATCH --cpus-per-task=16
#SBATCH --exclusive
#SBATCH --time=02:00:00
set -euo pipefail

threads=$SLURM_CPUS_PER_TASK
export OMP_PLACES=cores OMP_PROC_BIND=${OMP_PROC_BIND:-close} OMPI_MCA_hwloc_base_binding_policy=none
# Nodes are filled one after another, so that few ranks are on few nodes.
unset SLURM_NTASKS_PER_NODE
bash jobs/scaling.sh "${1:-strong}" "$SLURM_NTASKS" "$threads" \
  srun --mpi="${SRUN_MPI:-pmix}" --cpus-per-task="$threads" --cpu-bind=cores --wait=60 \
  --distribution=block:block:block,Pack --ntasks
