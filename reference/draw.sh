#!/usr/bin/env bash
# Draws all fixtures anew with a real PyTorch, which `reference/pytorch.sh build` installs once.
set -euo pipefail
cd "$(dirname "$0")"
fixtures=../packages/torch-optim/test/fixtures
rm -rf out && mkdir -p out/lr_scheduler out/optimizer "$fixtures"/{lr_scheduler,nn,optimizer}
./pytorch.sh run schedulers.py out/lr_scheduler
./pytorch.sh run derived_classes.py out/lr_scheduler/derived.json
./pytorch.sh run transformers_schedules.py out/lr_scheduler
cp ../packages/torch-optim/python/torch_optim.py out/
node ../scripts/run.mjs tsx code_cases.ts out/code_cases.json
./pytorch.sh run code.py out/code_cases.json out/lr_scheduler
node ../scripts/run.mjs tsx instead_cases.ts out/instead_cases.json
./pytorch.sh run instead.py out/instead_cases.json out/instead.json
./pytorch.sh run optimizers.py out/optimizer
./pytorch.sh run nonfinite.py out/optimizer
./pytorch.sh run lbfgs.py out/optimizer/LBFGS.json
./pytorch.sh run clip_grad.py out/clip_grad.json
./pytorch.sh run averaged_model.py out/AveragedModel.json
./pytorch.sh run where_we_leave_pytorch.py out/where_we_leave_pytorch.json

# Checkpoints: PyTorch's, which we go on from, and ours, which PyTorch goes on from.
mkdir -p out/interchange "$fixtures/interchange"
./pytorch.sh run from_pytorch.py SGD Adam AdamW NAdam RAdam Adamax Adagrad Adadelta RMSprop Rprop ASGD \
  Adafactor Muon
node ../scripts/run.mjs tsx to_pytorch.ts out/interchange out/optimizer
./pytorch.sh run to_pytorch.py
./pytorch.sh run check_torch_optim.py
rm out/interchange/*_from_here.json

cp out/interchange/*.json "$fixtures/interchange/"
cp out/where_we_leave_pytorch.json "$fixtures/"
cp out/clip_grad.json "$fixtures/nn/"
cp out/AveragedModel.json "$fixtures/optimizer/"
cp out/lr_scheduler/*.json "$fixtures/lr_scheduler/"
cp out/optimizer/*.json "$fixtures/optimizer/"
cp out/instead.json ../apps/site/test/pytorch/fixtures/
