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

# The digits: begun in Node.js, taken up by the program of docs/checkpoints.md, and handed back.
rm -rf out/digits && mkdir -p out/digits
sed -n '/^```python digits.py$/,/^```$/{/^```/d;p}' ../docs/checkpoints.md > out/digits/digits.py
cp ../examples/digits/data/digits.csv.gz out/digits/
node ../scripts/run.mjs tsx digits_round_trip.ts begin out/digits
./pytorch.sh run out/digits/digits.py checkpoint.pt digits.csv.gz 10
cp out/digits/checkpoint.pt ../examples/digits/test/fixtures/from_pytorch.pt
node ../scripts/run.mjs tsx digits_round_trip.ts end out/digits

cp out/checkpoint/* "$fixtures/"
cp out/from_here/taken.json "$fixtures/"
