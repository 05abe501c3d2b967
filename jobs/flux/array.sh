#!/usr/bin/env bash
# Variants of one study, arms or replicates, each as a job of its own that goes on by itself like
# study.sh, with the resources written there. Run it from the root of the repository:
#   STUDY=my_study.toml bash jobs/flux/array.sh my_variants.txt
set -euo pipefail

bash jobs/variants.sh "${1:-jobs/variants.txt}" each flux batch jobs/flux/study.sh
