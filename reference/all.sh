#!/usr/bin/env bash
# Reruns everything that needs PyTorch: draws all fixtures, and compares what goes to Python and comes back.
set -euo pipefail
cd "$(dirname "$0")"
./pytorch.sh build
for each in draw checkpoints python cluster; do
  "./$each.sh"
done
