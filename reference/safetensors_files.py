"""Draws .safetensors files as their own library writes them, and what is in them, into out/checkpoint."""

import json
import sys

import safetensors
import torch
from safetensors.torch import save_file

from checkpoint_values import described, dtypes

FOLDER = sys.argv[1]

tensors = {
    **{name: value.contiguous() for name, value in dtypes().items()},
    "matrix": torch.arange(6.0).reshape(2, 3),
    "scalar": torch.tensor(2.5),
    "empty": torch.empty(0, 3),
}
save_file(tensors, f"{FOLDER}/all.safetensors", metadata={"format": "pt", "note": "ä"})
first, second = "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"
shards = {first: ["matrix", "scalar"], second: ["float16", "empty"]}
for file, names in shards.items():
    save_file({name: tensors[name] for name in names}, f"{FOLDER}/{file}", metadata={"format": "pt"})
index = {
    "metadata": {"total_size": 56},
    "weight_map": {name: file for file, names in shards.items() for name in names},
}
with open(f"{FOLDER}/model.safetensors.index.json", "w") as file:
    json.dump(index, file, indent=2)
with open(f"{FOLDER}/safetensors.json", "w") as file:
    expected = {"safetensors": safetensors.__version__, "tensors": described(tensors)}
    json.dump(expected, file, allow_nan=False, indent=1)
print("safetensors", safetensors.__version__)
