"""Runs a program with a PyTorch that was built without libuv, as Debian's: without_libuv.py FILE [ARG...]

Both torchrun and what it starts ask for stores of libuv, without a way to say otherwise.
"""

import functools
import os
import runpy
import sys

import torch.distributed
from torch.distributed.elastic.rendezvous import c10d_rendezvous_backend

os.environ["USE_LIBUV"] = "0"
store = functools.partial(torch.distributed.TCPStore, use_libuv=False)
# There is a function of the same name.
rendezvous = sys.modules["torch.distributed.rendezvous"]
for module in (torch.distributed, rendezvous, c10d_rendezvous_backend):
    module.TCPStore = store
del sys.argv[0]
run = runpy.run_path if sys.argv[0].endswith(".py") else runpy.run_module
run(sys.argv[0], run_name="__main__")
