"""`load`: from a name or a folder to a `Predictor`.

A model is a folder with ``config.json``, safetensors shards and ``tokenizer.model``.
"""

import difflib
from importlib.resources import files
from pathlib import Path

import torch

from unio.core import InputError, WeightsError
from unio.infer.predictor import Predictor
from unio.model import load_model
from unio.vocab import TextTokenizer

__all__ = ["BUNDLED_MODELS", "load", "model_folder"]

BUNDLED_MODELS = {"unio-nano": "nano"}
"""Models that come with the package: name -> folder in ``unio/assets``."""

TOKENIZER_FILE = "tokenizer.model"

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}


def load(
    name_or_folder: str | Path,
    device: str | torch.device | None = None,
    dtype: str | torch.dtype | None = None,
) -> Predictor:
    """Load a model, ready to answer.

    ``name_or_folder`` is ``"unio-nano"`` or a folder. ``device`` None takes an accelerator if there is
    one, ``dtype`` None is float32. Raises ``InputError`` for an unknown name, a missing folder or
    tokenizer and an unusable device or dtype, ``WeightsError`` for missing or broken weights.

    Example::

        unio.load("unio-nano").run("caption", image="desk.jpg").text
    """
    folder = model_folder(name_or_folder)
    place = _device(device)
    precision = _dtype(dtype)
    if not (folder / TOKENIZER_FILE).is_file():
        raise InputError(
            f"the model folder {folder} has no tokenizer",
            expected=f"a SentencePiece file {TOKENIZER_FILE}",
            fix="copy the tokenizer the model was trained with there",
        )
    tokenizer = TextTokenizer.from_file(folder / TOKENIZER_FILE)
    model = load_model(folder, device=place, dtype=precision)
    rows = model.config.text_vocab_rows
    if tokenizer.layout.padded_size != rows:
        raise InputError(
            f"{folder / TOKENIZER_FILE} does not fit the model",
            got=f"{tokenizer.layout.padded_size} text ids",
            expected=f"{rows}, as many as the text table has rows",
            fix="use the tokenizer the model was trained with",
        )
    return Predictor(model, tokenizer)


def model_folder(name_or_folder: str | Path) -> Path:
    """The folder of a bundled model's name, or the folder itself. Raises ``InputError`` if it is neither."""
    if str(name_or_folder) in BUNDLED_MODELS:
        return _bundled(str(name_or_folder))
    folder = Path(name_or_folder).expanduser()
    if folder.is_dir():
        return folder
    if folder.exists():
        raise InputError(
            f"{folder} is a file", expected="a model's folder, with config.json in it", fix="give its folder"
        )
    if len(folder.parts) > 1 or isinstance(name_or_folder, Path):
        raise InputError(f"no model folder {folder}", expected="a folder with config.json and weights")
    near = difflib.get_close_matches(str(name_or_folder), BUNDLED_MODELS, n=3, cutoff=0.4)
    raise InputError(
        "unknown model",
        got=repr(str(name_or_folder)),
        expected=f"a folder, or one of {', '.join(near or BUNDLED_MODELS)}",
    )


def _bundled(name: str) -> Path:
    """Where the package keeps a bundled model."""
    folder = Path(str(files("unio").joinpath("assets", BUNDLED_MODELS[name])))
    if not (folder / "config.json").is_file():
        raise WeightsError(
            f"the model {name} is missing from this installation",
            got=f"no config.json in {folder}",
            fix="install unio again, or train it with unio train",
        )
    return folder


def _device(device: str | torch.device | None) -> torch.device:
    if device is None:
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        place = torch.device(device)
        torch.empty(0, device=place)
    except (RuntimeError, AssertionError) as error:
        reason = str(error).partition("\n")[0]
        raise InputError(
            f"cannot use the device {str(device)!r}", got=reason[:100], expected="a device torch sees, or cpu"
        ) from error
    return place


def _dtype(dtype: str | torch.dtype | None) -> torch.dtype:
    name = "float32" if dtype is None else str(dtype).removeprefix("torch.")
    if name not in DTYPES:
        raise InputError("unusable dtype", got=repr(dtype), expected=", ".join(DTYPES))
    return DTYPES[name]
