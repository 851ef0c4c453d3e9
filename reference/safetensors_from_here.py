"""Checks that the safetensors library reads what is written here, to the last bit."""

import sys

import torch
from safetensors import safe_open
from safetensors.torch import load_file

FOLDER = sys.argv[1]

tensors = load_file(f"{FOLDER}/here.safetensors")
theirs = load_file(f"{FOLDER}/all.safetensors")
for name, tensor in theirs.items():
    ours = tensors.pop(name)
    assert ours.dtype == tensor.dtype and ours.shape == tensor.shape, name
    bits = [each.contiguous().reshape(-1).view(torch.uint8).tolist() for each in (ours, tensor)]
    assert bits[0] == bits[1], name
assert set(tensors) == {"optimizer.state.0.momentum_buffer"}, set(tensors)
with safe_open(f"{FOLDER}/here.safetensors", "pt") as file:
    assert file.metadata()["format"] == "pt"
print("safetensors reads", len(theirs), "tensors that were written here")
