"""`load`: from a name or a folder to a `Predictor`.

A model is a folder with ``config.json``, weights and ``tokenizer.model``, in unio's layout or in that of the
published checkpoints (spec section 15), which lack the tokenizer; or the name of such a folder on the hub.
"""

import difflib
from collections.abc import Collection
from importlib.resources import files
from pathlib import Path

import torch

from unio.core import InputError, WeightsError
from unio.infer.generation_defaults import GENERATION_FILE, GenerationDefaults, read_generation_defaults
from unio.infer.hub import RELEASED_MODELS, fetch_folder, is_hub_name
from unio.infer.predictor import Predictor
from unio.infer.preprocessing import check_preprocessing
from unio.infer.released_decoding import released_defaults
from unio.infer.tokenizer_source import find_tokenizer
from unio.infer.training_record import read_training_record
from unio.media import MediaLimits
from unio.model import check_quantisation, is_published, load_model, quantise_decoder, read_model_config
from unio.nn import choose_row_products

__all__ = ["BUNDLED_MODELS", "generation_defaults", "load", "model_folder"]

BUNDLED_MODELS = {"unio-nano": "nano"}
"""Models that come with the package: name -> folder in ``unio/assets``."""

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}


def load(
    name_or_folder: str | Path,
    device: str | torch.device | None = None,
    dtype: str | torch.dtype | None = None,
    *,
    quantise: str | None = None,
    compiled: bool = False,
    modalities: Collection[str] | None = None,
    tokenizer: str | Path | None = None,
    revision: str | None = None,
    local_files_only: bool = False,
    limits: MediaLimits | None = None,
) -> Predictor:
    """Load a model, ready to answer.

    ``name_or_folder`` is ``"unio-nano"``, a folder, or a model on the hub such as
    ``"allenai/uio2-large"``, of which ``revision`` is a branch, tag or commit; with ``local_files_only``
    the network is left alone. ``device`` None takes an accelerator if there is one, ``dtype`` None is
    float32; the codecs, the ViT and the AST are float32 in any case. ``quantise`` ``"int8"`` or ``"int4"``:
    the decoder's matrices in so many bits, on the CPU alone; with it ``dtype`` None is bfloat16, as the
    kernels for float32 rows are many times slower. ``compiled``: decoding runs compiled code, and on CUDA one
    captured graph; it wants a C++ compiler, and the first answer waits for it. (``docs/weights.md`` says
    what both bring; on CUDA compiled decoding has not been measured yet.) On a CPU the fastest kernels for a
    model that is compiled or narrower than float32 are found by measuring, once on each machine.

    ``modalities`` names what will be asked of the model beside text, so that the rest is neither read nor
    kept: any of image, image_history, audio, audio_history (what it takes in), image_target and
    audio_target (what it makes); None keeps all. ``tokenizer`` is a LLaMA ``tokenizer.model``, a folder
    with one, or a hub name such as ``"meta-llama/Llama-2-7b-hf"``; None looks into the model's folder.
    ``limits`` bound the pictures, sounds and videos of requests (default: `MediaLimits`).

    Raises ``InputError`` for an unknown name, a missing folder, a missing or wrong tokenizer and an
    unusable device, dtype, quantisation or modality, ``ConfigError`` for settings of no model we know and
    ``WeightsError`` for missing or broken weights.

    Example::

        unio.load("unio-nano").run("caption", image="desk.jpg").text
        unio.load("allenai/uio2-large", dtype="bfloat16", modalities=["image"], tokenizer="tokenizer.model")
    """
    folder = model_folder(name_or_folder, revision=revision, local_files_only=local_files_only)
    place = _device(device)
    if quantise is not None:
        check_quantisation(quantise, device=place.type)
        dtype = "bfloat16" if dtype is None else dtype
    precision = _dtype(dtype)
    config = read_model_config(folder)
    pieces = find_tokenizer(
        tokenizer,
        folder=folder,
        rows=config.text_vocab_rows,
        must_be_llama=str(name_or_folder) in RELEASED_MODELS,
        local_files_only=local_files_only,
    )
    check_preprocessing(folder, config.geometry)
    defaults = generation_defaults(folder)
    trained_on = read_training_record(folder)
    model = load_model(folder, device=place, dtype=precision, modalities=modalities)
    if quantise is not None:
        quantise_decoder(model, quantise)
    if compiled:
        model.compile_steps()
    else:
        choose_row_products(model.decoder, is_compiled=False)
    return Predictor(model, pieces, defaults=defaults, trained_on=trained_on, limits=limits)


def model_folder(
    name_or_folder: str | Path, *, revision: str | None = None, local_files_only: bool = False
) -> Path:
    """The folder of a model: a bundled one's, the folder itself, or the hub's, fetched if need be.

    Raises ``InputError`` if it is none of them.
    """
    if str(name_or_folder) in BUNDLED_MODELS:
        return _bundled(str(name_or_folder))
    folder = Path(name_or_folder).expanduser()
    if folder.is_dir():
        return folder
    if folder.exists():
        raise InputError(
            f"{folder} is a file", expected="a model's folder, with config.json in it", fix="give its folder"
        )
    if is_hub_name(name_or_folder):
        return fetch_folder(str(name_or_folder), revision=revision, local_files_only=local_files_only)
    if len(folder.parts) > 1 or isinstance(name_or_folder, Path):
        raise InputError(f"no model folder {folder}", expected="a folder with config.json and weights")
    known = [*BUNDLED_MODELS, *RELEASED_MODELS]
    near = difflib.get_close_matches(str(name_or_folder), known, n=3, cutoff=0.4)
    raise InputError(
        "unknown model",
        got=repr(str(name_or_folder)),
        expected=f"a folder, a name on the hub, or one of {', '.join(near or known)}",
    )


def generation_defaults(folder: Path) -> GenerationDefaults:
    """How a folder's model is decoded: as its own file says, else by its layout.

    Raises ``ConfigError`` for a file with an unknown key or a bad value, ``WeightsError`` without a
    ``config.json``.
    """
    if not (folder / GENERATION_FILE).is_file() and is_published(folder):
        return released_defaults()
    return read_generation_defaults(folder)


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
