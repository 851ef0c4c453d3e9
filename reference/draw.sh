#!/usr/bin/env bash
# Draws all fixtures anew with a real PyTorch, which `reference/pytorch.sh build` installs once.
set -euo pipefail
cd "$(dirname "$0")"
fixtures=../packages/torch-optim/test/fixtures
rm -rf out && mkdir -p out/lr_scheduler out/optimizer "$fixtures/lr_scheduler" "$fixtures/optimizer"
./pytorch.sh run schedulers.py out/lr_scheduler
./pytorch.sh run optimizers.py out/optimizer
./pytorch.sh run where_we_leave_pytorch.py out/where_we_leave_pytorch.json
cp out/where_we_leave_pytorch.json "$fixtures/"
cp out/lr_scheduler/*.json "$fixtures/lr_scheduler/"
cp out/optimizer/*.json "$fixtures/optimizer/"
