#!/usr/bin/env bash
# A study that may take longer than the time limit. Before the limit Slurm sends SIGUSR1 to all ranks:
# they write a checkpoint and exit with code 85, and the job goes back to the queue and on from there.
#   STUDY=my_study.toml OUTPUT=results sbatch jobs/slurm/study.sh
# Edit the resources here or give them to sbatch.
#SBATCH --job-name=eustress
#SBATCH --output=%x-%j.log
#SBATCH --open-mode=append
#SBATCH --nodes=2
#SBATCH --ntasks-per-node=2
#SBATCH --cpus-per-task=16
#SBATCH --time=12:00:00
#SBATCH --signal=USR1@120
#SBATCH --requeue
set -euo pipefail

eustress=${EUSTRESS:-build/release/bin/eustress}
study=${STUDY:-jobs/studies/demo.toml}
output=${OUTPUT:-results}
read -ra options <<<"${OPTIONS:-}"

# One thread per core, next to each other. srun gives each rank its cores; Open MPI must not bind again.
threads=$SLURM_CPUS_PER_TASK
export OMP_PLACES=cores OMP_PROC_BIND=${OMP_PROC_BIND:-close} OMPI_MCA_hwloc_base_binding_policy=none

name="job $SLURM_JOB_ID, restart ${SLURM_RESTART_COUNT:-0}"
echo "== $name: $SLURM_NTASKS ranks x $threads threads on $SLURM_JOB_NODELIST"
begin=$(date +%s)
status=0
# --wait: if one rank dies, the others do not wait for it until the time limit.
srun --mpi="${SRUN_MPI:-pmix}" --cpus-per-task="$threads" --cpu-bind=cores --wait=60 \
  "$eustress" run "$study" -o "$output" --threads "$threads" "${options[@]}" || status=$?
echo "== $name: exit code $status"

# Go on after 85, and after a rank or its node died, which is none of the program's own codes; but only
# if this run came further, so that nothing is repeated for ever. There is no trap: Slurm ends this
# shell first when the job is cancelled, and then it must not come back.
case $status in
  0 | 2 | 3 | 4 | 5 | 70) ;;
  *)
    if [ -n "$(find "$output/checkpoints" -newermt "@$begin" -print -quit 2>/dev/null)" ]; then
      scontrol requeue "$SLURM_JOB_ID" || echo "== not requeued; submit the job again to go on" >&2
    fi
    ;;
esac
exit "$status"
