#!/usr/bin/env bash
# Draws the checkpoint files of PyTorch and safetensors anew, and checks that both go on from ours.
set -euo pipefail
cd "$(dirname "$0")"
fixtures=../packages/checkpoint/test/fixtures
rm -rf out/checkpoint out/from_here && mkdir -p out/checkpoint out/from_here "$fixtures"
./pytorch.sh run checkpoint_files.py out/checkpoint
./pytorch.sh run safetensors_files.py out/checkpoint
node ../scripts/run.mjs tsx checkpoints_to_pytorch.ts out/from_here
./pytorch.sh run checkpoints_to_pytorch.py out/from_here
node ../scripts/run.mjs tsx safetensors_from_here.ts out/checkpoint
./pytorch.sh run safetensors_from_here.py out/checkpoint
rm out/checkpoint/here.safetensors
cp out/checkpoint/* "$fixtures/"
cp out/from_here/taken.json "$fixtures/"
