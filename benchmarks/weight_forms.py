"""The forms a model's weights come in on disk, each made from one folder in the published layout.

Bits stay as they are, but for the form that is stored in bfloat16. A folder is one model in one form;
loading any of them must give the same weights and take the same memory (``python benchmarks/loading.py``).
"""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from unio.model import convert_weights, open_model_folder, preset, write_random_folder
from unio.model.stored_weights import find_weights

__all__ = ["WEIGHT_FORMS", "make_weight_form"]

BESIDE = ("config.json", "tokenizer.model")
"""Files of a folder that are the same whatever form its weights have."""


def make_weight_form(form: str, source: Path, target: Path, *, preset_name: str) -> None:
    """Write the model of ``source``, published layout, into the new folder ``target`` in another form.

    ``form`` is a key of ``WEIGHT_FORMS``; ``preset_name`` is the size, of which seeded weights are made
    anew where the stored dtype changes. A form that is one file takes the memory of all weights.
    """
    target.mkdir(parents=True)
    WEIGHT_FORMS[form](source, target, preset_name)
    for name in BESIDE:
        if not (target / name).exists():
            shutil.copy(source / name, target / name)


def _one_safetensors(source: Path, target: Path, preset_name: str) -> None:  # noqa: ARG001
    save_file(_all_tensors(source), target / "model.safetensors")


def _one_pickle(source: Path, target: Path, preset_name: str) -> None:  # noqa: ARG001
    torch.save(_all_tensors(source), target / "pytorch_model.bin")


def _pickle_shards(source: Path, target: Path, preset_name: str) -> None:  # noqa: ARG001
    """As many pickles as ``source`` has files, and the index that names them."""
    files = find_weights(source).files
    listed: dict[str, str] = {}
    for number, file in enumerate(files, start=1):
        name = f"pytorch_model-{number:05d}-of-{len(files):05d}.bin"
        torch.save(dict(_copies(file.read(file.specs))), target / name)
        listed |= dict.fromkeys(file.specs, name)
    (target / "pytorch_model.bin.index.json").write_text(json.dumps({"weight_map": listed}))


def _ours(source: Path, target: Path, preset_name: str) -> None:  # noqa: ARG001
    convert_weights(open_model_folder(source), target, layout="unio")


def _stored_in_bfloat16(source: Path, target: Path, preset_name: str) -> None:  # noqa: ARG001
    write_random_folder(preset(preset_name), target, seed=0, dtype=torch.bfloat16)


def _all_tensors(folder: Path) -> dict[str, Tensor]:
    stored = find_weights(folder)
    return dict(_copies(stored.read(stored.specs)))


def _copies(tensors: Iterator[tuple[str, Tensor]]) -> Iterator[tuple[str, Tensor]]:
    return ((name, tensor.clone()) for name, tensor in tensors)


WEIGHT_FORMS: Mapping[str, Callable[[Path, Path, str], None]] = {
    "published, one safetensors": _one_safetensors,
    "published, one pickle": _one_pickle,
    "published, pickle shards": _pickle_shards,
    "published, bfloat16 safetensors shards": _stored_in_bfloat16,
    "ours, safetensors shards": _ours,
}
"""What a form is called -> what writes it: (source, target, name of the preset)."""
