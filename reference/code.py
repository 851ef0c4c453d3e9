"""Runs the Python code that was written for specs, and draws the fixture of what came out."""

import json
import sys
import warnings

import torch

from specs import run

# Where `draw.sh` has put the file that npm ships.
sys.path.insert(0, "out")

warnings.simplefilter("ignore")


def execute(optimizer, code):
    names = {"optimizer": optimizer}
    exec(code, names)
    return names["scheduler"]


def draw(case):
    try:
        return run(case, lambda optimizer: execute(optimizer, case["code"]))
    except Exception as error:
        return {**case, "error": f"{type(error).__name__}: {error}"}


with open(sys.argv[1]) as file:
    cases = json.load(file)
path = f"{sys.argv[2]}/code.json"
with open(path, "w") as file:
    lines = ",\n".join(json.dumps(draw(case)) for case in cases)
    file.write(f'{{"pytorch": "{torch.__version__.split("+")[0]}", "cases": [\n{lines}\n]}}\n')
print(path, len(cases))
