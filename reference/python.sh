#!/usr/bin/env bash
# Compares the Python package with the library on a real PyTorch, which `reference/pytorch.sh build` installs
# once: thousands of random specs, their states and resumed runs, and what both refuse.
set -euo pipefail
cd "$(dirname "$0")"
rm -rf out/python && mkdir -p out/python
node ../scripts/run.mjs tsx python_cases.ts out/python/cases.json
cp -r ../python/torch_optim python.py out/python/
./pytorch.sh run out/python/python.py cases.json states.json
node ../scripts/run.mjs tsx python_states.ts out/python/states.json

# The single file that npm ships, alone.
rm -r out/python/torch_optim
cp ../packages/torch-optim/python/torch_optim.py out/python/
./pytorch.sh run out/python/python.py cases.json states.json
