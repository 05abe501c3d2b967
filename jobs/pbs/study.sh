#!/usr/bin/env bash
# A study that may take longer than the time limit, for PBS Pro and OpenPBS. PBS sends no signal ahead
# of the limit, so eustress is given less time than the job: it writes a checkpoint, exits with code 85,
# and this script submits itself again. Submit from the root of the repository:
#   STUDY=my_study.toml OUTPUT=results qsub -v STUDY,OUTPUT jobs/pbs/study.sh
# Edit the resources here; the following jobs take them from here and not from the command line.
#PBS -N eustress
#PBS -j oe
#PBS -r y
#PBS -l select=2:ncpus=32:mpiprocs=2:ompthreads=16
#PBS -l place=scatter:excl
#PBS -l walltime=12:00:00
max_walltime=${MAX_WALLTIME:-11h50m}
set -euo pipefail
cd "$PBS_O_WORKDIR"

eustress=${EUSTRESS:-build/release/bin/eustress}
study=${STUDY:-jobs/studies/demo.toml}
output=${OUTPUT:-results}
read -ra options <<<"${OPTIONS:-}"

# PBS sets OMP_NUM_THREADS from ompthreads. One thread per core, next to each other.
threads=$OMP_NUM_THREADS
ranks=$(wc -l <"$PBS_NODEFILE")
export OMP_PLACES=cores OMP_PROC_BIND=close

echo "== job $PBS_JOBID: $ranks ranks x $threads threads"
begin=$(date +%s)
status=0
mpirun -n "$ranks" --map-by "slot:PE=$threads" --bind-to core \
  "$eustress" run "$study" -o "$output" --threads "$threads" --max-walltime "$max_walltime" \
  "${options[@]}" || status=$?
echo "== job $PBS_JOBID: exit code $status"

# Only if this job came further, so that nothing is repeated for ever. There is no trap: a job that is
# deleted ends here before it could come back. After the loss of a node PBS itself runs it again (-r y).
if [ "$status" -eq 85 ] &&
  [ -n "$(find "$output/checkpoints" -newermt "@$begin" -print -quit 2>/dev/null)" ]; then
  export EUSTRESS=$eustress STUDY=$study OUTPUT=$output OPTIONS="${options[*]}" MAX_WALLTIME=$max_walltime
  qsub -v EUSTRESS,STUDY,OUTPUT,OPTIONS,MAX_WALLTIME jobs/pbs/study.sh ||
    echo "== not submitted; submit the job again to go on" >&2
fi
exit "$status"
