#!/usr/bin/env bash
# Variants of one study, arms or replicates, as an array of jobs; each ends, requeues and resumes like
# study.sh. Submit from the root of the repository:
#   STUDY=my_study.toml VARIANTS=my_variants.txt sbatch --array=1-3 jobs/slurm/array.sh
# Edit the resources here or give them to sbatch.
#SBATCH --job-name=eustress-array
#SBATCH --output=%x-%A-%a.log
#SBATCH --open-mode=append
#SBATCH --array=1-3
#SBATCH --nodes=1
#SBATCH --ntasks-per-node=2
#SBATCH --cpus-per-task=16
#SBATCH --time=12:00:00
#SBATCH --signal=USR1@120
#SBATCH --requeue
set -euo pipefail

exec bash jobs/variants.sh "${VARIANTS:-jobs/variants.txt}" run "$SLURM_ARRAY_TASK_ID" \
  bash jobs/slurm/study.sh
