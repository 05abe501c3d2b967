#!/usr/bin/env bash
# Variants of one study, arms or replicates, each as a job of its own that goes on by itself like
# study.sh, with the resources written there. Run it on the login node, from the root of the repository:
#   STUDY=my_study.toml bash jobs/pbs/array.sh my_variants.txt
# Not an array of PBS (qsub -J): its members could not submit themselves again one by one.
set -euo pipefail

export EUSTRESS=${EUSTRESS:-build/release/bin/eustress} STUDY=${STUDY:-jobs/studies/demo.toml}
bash jobs/variants.sh "${1:-jobs/variants.txt}" each \
  qsub -v EUSTRESS,STUDY,OUTPUT,OPTIONS jobs/pbs/study.sh
