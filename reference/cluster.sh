#!/usr/bin/env bash
# The digits begin in Node.js, are taken up at epoch 40 by processes under torchrun, and handed back at epoch 80:
# with one process, with two and with three.
set -euo pipefail
cd "$(dirname "$0")"
for processes in 1 2 3; do
  rm -rf out/cluster && mkdir -p out/cluster/lrs
  cp without_libuv.py ../examples/cluster/* ../examples/digits/data/digits.csv.gz ../packages/torch-optim/python/torch_optim.py out/cluster/
  node ../scripts/run.mjs tsx cluster.ts begin out/cluster
  ./pytorch.sh run out/cluster/without_libuv.py torch.distributed.run \
    --nproc-per-node "$processes" --local-addr 127.0.0.1 \
    without_libuv.py train.py checkpoint.pt digits.csv.gz --schedule schedule.json --epochs 40 --lrs lrs
  node ../scripts/run.mjs tsx cluster.ts end out/cluster
done
