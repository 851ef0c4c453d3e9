#!/usr/bin/env bash
# Compares the Python package with the library on a real PyTorch, which `reference/pytorch.sh build` installs
# once: thousands of random specs, their states and resumed runs, and what both refuse. Then runs the programs
# of docs/python.md, each of which must print what stands below its calls.
set -euo pipefail
cd "$(dirname "$0")"
rm -rf out/python && mkdir -p out/python
node ../scripts/run.mjs tsx python_cases.ts out/python/cases.json out/python/files
cp -r ../python/torch_optim python.py out/python/
./pytorch.sh run out/python/python.py cases.json files states.json
node ../scripts/run.mjs tsx python_states.ts out/python/states.json

# The single file that npm ships, alone.
rm -r out/python/torch_optim out/python/files_back
cp ../packages/torch-optim/python/torch_optim.py out/python/
./pytorch.sh run out/python/python.py cases.json files states.json | sed -n '$s/^/the single file that npm ships: /p'

# The page's programs: what Node.js has begun goes on in PyTorch.
page=../docs/python.md
sed -n '/^```ts$/,/^```$/{/^```/d;p}' $page > out/python/page.ts
(cd out/python && node ../../../scripts/run.mjs tsx page.ts > /dev/null)
for program in go_on.py files.py; do
  sed -n "/^\`\`\`python $program\$/,/^\`\`\`\$/{/^\`\`\`/d;p}" $page > out/python/$program
  diff <(sed -n 's/^# //p' out/python/$program) <(./pytorch.sh run out/python/$program)
done
echo "the programs of docs/python.md print what it says"
