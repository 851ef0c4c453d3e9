"""Does what bench/ asks for: a request a line in, a reply a line out, both as JSON."""

import json
import platform
import sys

import torch

from digits import train
from gpu import seconds_on_gpu
from optimizers import drop_optimizers, seconds_per_update
from schedulers import seconds_per_step

FUNCTIONS = {
    "drop_optimizers": drop_optimizers,
    "seconds_on_gpu": seconds_on_gpu,
    "seconds_per_step": seconds_per_step,
    "seconds_per_update": seconds_per_update,
    "train": train,
}


def reply(value):
    print(json.dumps(value), flush=True)


version = torch.__version__.split("+")[0]
reply(f"PyTorch {version} (Python {platform.python_version()}, {torch.get_num_threads()} threads)")
for line in sys.stdin:
    request = json.loads(line)
    reply(FUNCTIONS[request["call"]](**request["args"]))
