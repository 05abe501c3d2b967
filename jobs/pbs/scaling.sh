#!/usr/bin/env bash
# Strong or weak scaling from one rank to all of the job. Submit from the root of the repository:
#   MODE=strong INDIVIDUALS=1000000 qsub -v MODE,INDIVIDUALS jobs/pbs/scaling.sh
#PBS -N eustress-scaling
#PBS -j oe
#PBS -l select=4:ncpus=32:mpiprocs=2:ompthreads=16
#PBS -l place=scatter:excl
#PBS -l walltime=02:00:00
set -euo pipefail
cd "$PBS_O_WORKDIR"

threads=$OMP_NUM_THREADS
export OMP_PLACES=cores OMP_PROC_BIND=close
bash jobs/scaling.sh "${MODE:-strong}" "$(wc -l <"$PBS_NODEFILE")" "$threads" \
  mpirun --map-by "slot:PE=$threads" --bind-to core -n
