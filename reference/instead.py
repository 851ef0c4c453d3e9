"""Runs specs with PyTorch's own schedulers as they are, and draws what came out up to where they fail."""

import json
import sys
import warnings

import torch

from specs import build, optimizer_of

warnings.simplefilter("ignore")


def draw(case):
    """The lr at epochs 0 to steps, as far as it comes, and the name of the error that ends it."""
    lrs, error = [], None
    optimizer = optimizer_of(case)
    try:
        scheduler = build(optimizer, case["spec"])
        lrs.append(optimizer.param_groups[0]["lr"])
        for _ in range(case["steps"]):
            optimizer.step()
            scheduler.step()
            lrs.append(optimizer.param_groups[0]["lr"])
    except Exception as failure:
        error = type(failure).__name__
    return {
        "spec": case["spec"],
        # As many digits as a comparison to 1e-12 needs.
        "lr": [float(f"{float(lr):.14g}") for lr in lrs],
        **({"error": error} if error else {}),
    }


with open(sys.argv[1]) as file:
    cases = json.load(file)
with open(sys.argv[2], "w") as file:
    lines = ",\n".join(json.dumps(draw(case)) for case in cases)
    head = f'"pytorch": "{torch.__version__.split("+")[0]}", "base_lr": {cases[0]["groups"][0]}'
    file.write(f'{{{head}, "cases": [\n{lines}\n]}}\n')
print(sys.argv[2], len(cases))
