#!/usr/bin/env bash
# The templates of jobs/slurm under a real Slurm: a controller and four nodes on this machine, without
# systemd, in a scratch directory; nothing of the system is touched. Jobs that were stopped by the time
# limit, by preemption, and by failing nodes end in the same bytes as a straight run.
#   bash tests/jobs/slurm.sh EUSTRESS PROJECT
# shellcheck disable=SC2317 # functions that check calls
for program in slurmctld slurmd sbatch srun scontrol munged; do
  PATH=$PATH:/usr/sbin command -v "$program" >/dev/null && continue
  echo "skipped: $program is not installed (Debian: slurmctld slurmd slurm-client munge)"
  exit 77
done
PATH=$PATH:/usr/sbin
# shellcheck source=tests/app/common.sh
. "$(dirname "$0")/../app/common.sh"
trap stop_cluster EXIT
chmod 711 "$scratch" # munged wants its socket reachable

# ---- a cluster -------------------------------------------------------------------------------------

# processes_of VARIABLE=VALUE: the processes that were started in this cluster and have this variable.
processes_of() {
  local process
  for process in /proc/[0-9]*; do
    if grep -qzxF "SLURM_CONF=$SLURM_CONF" "$process/environ" 2>/dev/null &&
      grep -qzxF "$1" "$process/environ" 2>/dev/null; then
      echo "${process#/proc/}"
    fi
  done
}

stop_cluster() {
  local processes
  processes=$(processes_of "SLURM_CONF=$SLURM_CONF")
  # shellcheck disable=SC2086 # a list of numbers
  [ -z "$processes" ] || kill -KILL $processes
  cd / && rm -rf "$scratch"
}

free_ports() {
  local first port
  for _ in $(seq 50); do
    first=$((20000 + RANDOM % 1200 * 8))
    for port in $(seq "$first" $((first + 4))); do
      if (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then continue 2; fi
    done
    echo "$first"
    return
  done
}

start_node() {
  # The variable tells the daemons of one node from the others'.
  EUSTRESS_TEST_NODE=$1 slurmd -D -N "$1" >"$1.log" 2>&1 &
  disown
}

# Daemon, steps and tasks at once, as if the power failed: what oversees goes before what it oversees
# and could report.
kill_node() {
  local tasks process parent steps=()
  tasks=$(processes_of "SLURMD_NODENAME=$1")
  for process in $tasks; do
    parent=$(sed -nE 's/^PPid:\t//p' "/proc/$process/status")
    [ "$(cat "/proc/$parent/comm")" != slurmstepd ] || steps+=("$parent")
  done
  # shellcheck disable=SC2046,SC2086 # lists of numbers
  kill -KILL $(processes_of "EUSTRESS_TEST_NODE=$1") "${steps[@]}" $tasks
} 2>/dev/null # some end meanwhile

start_cluster() {
  local host user port i
  host=$(uname -n)
  host=${host%%.*}
  user=$(id -un)
  port=$(free_ports)
  export SLURM_CONF=$scratch/slurm.conf
  mkdir munge state spool.n{1..4} tmp.n{1..4}
  (umask 077 && head -c 1024 /dev/urandom >munge.key)
  munged --foreground --key-file="$scratch/munge.key" --socket="$scratch/munge/socket" \
    --pid-file="$scratch/munge/pid" --log-file="$scratch/munge/log" --seed-file="$scratch/munge/seed" \
    >munged.log 2>&1 &
  disown
  {
    cat <<CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
# Credentials that live shortly: Slurm holds requeued jobs back until old ones have expired.
AuthInfo=socket=$scratch/munge/socket,cred_expire=5
CredType=cred/munge
StateSaveLocation=$scratch/state
SlurmdSpoolDir=$scratch/spool.%n
# PMIx fails if nodes share it.
TmpFS=$scratch/tmp.%n
SlurmctldPidFile=$scratch/slurmctld.pid
SlurmdPidFile=$scratch/slurmd.%n.pid
SlurmctldDebug=debug2
SlurmctldLogFile=$scratch/slurmctld.log
SwitchType=switch/none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
# Four nodes of two processors, however many this machine has.
SlurmdParameters=config_overrides
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=1,bf_interval=1
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
SlurmctldParameters=preempt_send_user_signal
KillWait=5
SlurmdTimeout=5
MessageTimeout=5
MinJobAge=600
NodeName=DEFAULT CPUs=2 RealMemory=1000
CONF
    for i in 1 2 3 4; do
      echo "NodeName=n$i NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + i))"
    done
    echo "PartitionName=batch Nodes=ALL Default=YES PriorityTier=1 GraceTime=30"
    echo "PartitionName=urgent Nodes=ALL PriorityTier=2 PreemptMode=OFF"
  } >slurm.conf
  # Named, it is not looked for: nodes without control groups, as in a plain chroot, would not start.
  echo "CgroupPlugin=cgroup/v1" >cgroup.conf
  for _ in $(seq 50); do
    [ -S munge/socket ] && break
    sleep 0.1
  done
  slurmctld -D >slurmctld.err 2>&1 &
  disown
  for i in 1 2 3 4; do start_node "n$i"; done
  for _ in $(seq 100); do
    [ "$(sinfo -h -o '%t %D' 2>/dev/null)" = "idle 4" ] && return
    sleep 0.2
  done
  echo "Slurm did not start:"
  tail -n 20 munged.log slurmctld.err n1.log
  return 1
}

# ---- watching jobs -----------------------------------------------------------------------------------

say() { printf '%4d s  %s\n' "$SECONDS" "$*"; }

field() { sed -nE "s/.* $2=([^ ]*).*/\\1/p" <<<" $1"; }

# follow JOB SECONDS CONDITION...: shows every change of the job until the condition holds.
declare -A shown
follow() {
  local job=$1 deadline=$((SECONDS + $2)) line
  shift 2
  while :; do
    record=$(scontrol show job -o "$job" 2>/dev/null)
    state=$(field "$record" JobState)
    restarts=$(field "$record" Restarts)
    nodes=$(field "$record" NodeList)
    line="$state, restart $restarts, nodes ${nodes:-none}, exit code $(field "$record" ExitCode)"
    [ "$line" = "${shown[$job]:-}" ] || say "job $job: $line"
    shown[$job]=$line
    "$@" && return 0
    if [ "$SECONDS" -ge "$deadline" ]; then
      say "job $job: waited too long for: $*"
      return 1
    fi
    sleep 0.2
  done
}

ended() { [[ $state = COMPLETED || $state = FAILED || $state = CANCELLED || $state = TIMEOUT ]]; }
running_again() { [[ $state = RUNNING && $restarts -ge $1 ]]; }
# checkpoint_after DIRECTORY FILE: there is one that is newer than the file.
checkpoint_after() { [ -n "$(find "$1/checkpoints" -mindepth 1 -newer "$2" -print -quit 2>/dev/null)" ]; }

# submit NAME ARGUMENT...: sets $job. The results are to be in NAME, the log in NAME.log.
submit() {
  local name=$1
  shift
  job=$(cd "$project" && OUTPUT=$scratch/$name sbatch --parsable --output="$scratch/$name.log" \
    --cpus-per-task=1 "$@")
}

# completed JOB: the job has ended, without an error.
completed() {
  follow "$1" 120 ended && [ "$state" = COMPLETED ] && return
  tail -n 40 "$(field "$record" StdOut)"
  return 1
}

equal() {
  local file result=equal
  for file in results.nc individuals.h5; do cmp "$1/$file" "$2/$file" || result=DIFFERENT; done
  say "cmp $1 $2: $result"
  [ "$result" = equal ]
}

log_has() {
  grep -m 1 -E "$2" "$1" && return
  echo "$1 has no line with: $2"
  cat "$1"
  return 1
}

# ---- the study ---------------------------------------------------------------------------------------

cat >study.toml <<'TOML'
[study]
name = "slurm"
days = 60
seed = 7
[population]
individuals = 4000
[[probe]]
name = "test"
kind = "tsst"
day = 20
[[arm]]
name = "frozen"
set = { "reinforcement.active" = false }
[output]
individuals = true
TOML
cat >variants.txt <<'TEXT'
# name    options
replicate --set study.replicate=3
frozen    --set reinforcement.active=false --set study.days=40
TEXT
export EUSTRESS=$eustress STUDY=$scratch/study.toml VARIANTS=$scratch/variants.txt
# The nodes cannot bind ranks to processors of their own, so threads must not bind themselves.
export OMP_PROC_BIND=false
# Ranks on different "nodes" of one machine cannot share memory.
export OMPI_MCA_btl=self,tcp OMPI_MCA_btl_tcp_if_include=lo OMPI_MCA_pml=ob1
layout=(--nodes=2 --ntasks-per-node=1)

straight() {
  local name=$1
  shift
  check "straight run $name" "$eustress" run study.toml -o "straight/$name" --quiet --threads 2 "$@"
}

start_cluster || exit 1
say "Slurm $(scontrol --version | cut -d ' ' -f 2), 4 nodes: $(sinfo -h -o '%N %T')"
straight short
# Long enough to be stopped half-way, some 10 s after its start, on a machine of any speed and though
# its load may change: about 30 seconds.
seconds=$(sed -nE 's/^  "wall_s": ([0-9.]+).*/\1/p' straight/short/log.json)
days=$(awk -v s="$seconds" 'BEGIN { print int(60 * 30 / s) }')
long=(--set "study.days=$days")
straight long "${long[@]}"
say "straight runs: $seconds s and $(sed -nE 's/^  "wall_s": ([0-9.]+).*/\1/p' straight/long/log.json) s"
stopped_and_resumed="${long[*]} --set checkpoint.every_days=$((days / 20))"

# ---- a plain job -------------------------------------------------------------------------------------

say "-- a job on 2 nodes"
submit plain "${layout[@]}" jobs/slurm/study.sh
check "plain job" completed "$job"
check "plain job is equal" equal straight/short plain

say "-- an array of variants"
submit array --array=1-2 --output="$scratch/array-%a.log" --nodes=1 --ntasks-per-node=2 \
  jobs/slurm/array.sh
array=$job
while read -r variant options; do
  [ "$variant" = '#' ] && continue
  # shellcheck disable=SC2086 # options are separated by blanks
  straight "$variant" $options
done <variants.txt
check "first of the array" completed "${array}_1"
check "second of the array" completed "${array}_2"
check "replicate is equal" equal straight/replicate array/replicate
check "frozen is equal" equal straight/frozen array/frozen
check "variants differ" eval '! cmp -s straight/replicate/results.nc straight/short/results.nc'

say "-- strong scaling"
INDIVIDUALS=4000 submit scaling "${layout[@]}" jobs/slurm/scaling.sh strong
check "scaling job" completed "$job"
cat scaling/scaling.csv
check "scaling on 1 and 2 ranks" [ "$(cut -d, -f1-4 scaling/scaling.csv | tail -n +2 | xargs)" = \
  "strong,1,1,4000 strong,2,1,4000" ]

say "-- srun for another MPI"
SRUN_MPI=pmi2 submit mismatch "${layout[@]}" jobs/slurm/study.sh
check "mismatched job ends" follow "$job" 60 ended
check "mismatched job failed" [ "$state" = FAILED ]
check "mismatched job has no results" [ ! -e mismatch/results.nc ]

# ---- stopped and resumed -----------------------------------------------------------------------------

say "-- time limit"
# Slurm looks at time limits every 30 s, and signals so much early. Submitted about 10 s before a look, the
# job is signalled by that one, which sees that less than 25 s + 30 s are left.
since_look() {
  local time
  time=$(sed -nE 's/^\[(.*)\] debug2: Testing job time limits.*/\1/p' slurmctld.log | tail -n 1)
  echo $(($(date +%s) - $(date -d "$time" +%s)))
}
until (($(since_look) >= 18 && $(since_look) <= 20)); do sleep 0.5; done
OPTIONS=$stopped_and_resumed submit limit "${layout[@]}" --time=1 --signal=USR1@25 jobs/slurm/study.sh
check "resumed after the time limit" follow "$job" 90 running_again 1
check "time limit: completed" completed "$job"
check "time limit: exit code 85" log_has limit.log 'restart 0: exit code 85'
check "time limit: goes on from a checkpoint" log_has limit.log 'from .*checkpoints/'
check "time limit: equal" equal straight/long limit

say "-- preemption"
touch begin
OPTIONS=$stopped_and_resumed submit preempted "${layout[@]}" --time=10 jobs/slurm/study.sh
low=$job
check "preemption: checkpoint" follow "$low" 60 checkpoint_after preempted begin
high=$(sbatch --parsable --partition=urgent --nodes=4 --exclusive --output=/dev/null --wrap "sleep 2")
check "urgent job runs" completed "$high"
check "preemption: resumed" follow "$low" 60 running_again 1
check "preemption: completed" completed "$low"
check "preemption: exit code 85" log_has preempted.log 'restart 0: exit code 85'
check "preemption: goes on from a checkpoint" log_has preempted.log 'from .*checkpoints/'
check "preemption: equal" equal straight/long preempted

say "-- cancelled"
touch begin
OPTIONS=$stopped_and_resumed submit cancelled "${layout[@]}" --time=10 jobs/slurm/study.sh
check "cancelled: checkpoint" follow "$job" 60 checkpoint_after cancelled begin
scancel "$job"
check "cancelled: ends" follow "$job" 60 ended
check "cancelled: stays cancelled" [ "$state" = CANCELLED ]

say "-- failing nodes"
touch begin
OPTIONS=$stopped_and_resumed submit failing "${layout[@]}" --time=10 jobs/slurm/study.sh
check "failing nodes: checkpoint" follow "$job" 60 checkpoint_after failing begin
victim=$(scontrol show hostnames "$nodes" | tail -n 1)
say "everything on $victim is killed"
kill_node "$victim"
check "failing nodes: resumed" follow "$job" 90 running_again 1
touch begin
check "failing nodes: next checkpoint" follow "$job" 60 checkpoint_after failing begin
victim=$(field "$record" BatchHost)
say "everything on $victim, where the job's script runs, is killed, and the node set down"
kill_node "$victim"
scontrol update "nodename=$victim" state=down reason=test
check "failing nodes: resumed again" follow "$job" 90 running_again 2
check "failing nodes: completed" completed "$job"
check "failing nodes: goes on from a checkpoint" log_has failing.log 'from .*checkpoints/'
check "failing nodes: equal" equal straight/long failing

finish
