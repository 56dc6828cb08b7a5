"""A trained codec as a folder, ``codec.json`` and ``codec.safetensors``: where a model's training starts.

A model's folder serves as well: its codec is taken, so that new models need no codec of their own.
"""

import json
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file  # pyright: ignore[reportUnknownVariableType]

from unio.codecs import VQGAN, DiscreteCodec, ViTVQGAN, ViTVQGANConfig, VQGANConfig
from unio.core import ConfigError, WeightsError, validate_config
from unio.model import load_model
from unio.model.model_folder import CONFIG_FILE

__all__ = ["check_sizes", "load_audio_codec", "load_image_codec", "save_codec"]

DESCRIPTION = "codec.json"
WEIGHTS = "codec.safetensors"


def save_codec(codec: VQGAN | ViTVQGAN, folder: Path) -> None:
    """Write a codec; a reader meets the old weights or the new ones, never half of them."""
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f"{WEIGHTS}.partial"
    save_file({name: value.detach().contiguous() for name, value in codec.state_dict().items()}, partial)
    description = {"kind": _kind(codec), "codec": codec.config.model_dump(mode="json")}
    (folder / DESCRIPTION).write_text(json.dumps(description, indent=1), encoding="utf-8")
    partial.replace(folder / WEIGHTS)


def load_image_codec(folder: Path) -> VQGAN:
    """The image codec in ``folder``. Raises ``WeightsError`` if it is missing, broken or of another kind."""
    if _is_model(folder):
        return load_model(folder, modalities=["image_target"]).image_codec
    settings = _read_description(folder, kind="image")
    codec = VQGAN(validate_config(VQGANConfig, settings, where=str(folder / DESCRIPTION)))
    _fill(codec, folder)
    return codec


def load_audio_codec(folder: Path) -> ViTVQGAN:
    """The audio codec in ``folder``. Raises ``WeightsError`` if it is missing, broken or of another kind."""
    if _is_model(folder):
        return load_model(folder, modalities=["audio_target"]).audio_codec
    settings = _read_description(folder, kind="audio")
    codec = ViTVQGAN(validate_config(ViTVQGANConfig, settings, where=str(folder / DESCRIPTION)))
    _fill(codec, folder)
    return codec


def check_sizes(codec: VQGAN | ViTVQGAN, expected: VQGANConfig | ViTVQGANConfig, *, folder: Path) -> None:
    """Raise ``ConfigError`` if the codec in ``folder`` has other sizes than its model; the first is named."""
    found = codec.config.model_dump()
    for name, value in expected.model_dump().items():
        if found[name] != value:
            raise ConfigError(
                f"the codec in {folder} has other sizes than the model",
                got=f"{name}={found[name]}",
                expected=f"{name}={value}",
                fix="name a codec of these sizes: one trained with start=MODEL has them",
            )


def _is_model(folder: Path) -> bool:
    return (folder / CONFIG_FILE).is_file() and not (folder / DESCRIPTION).is_file()


def _kind(codec: VQGAN | ViTVQGAN) -> str:
    return "image" if isinstance(codec, VQGAN) else "audio"


def _read_description(folder: Path, *, kind: str) -> dict[str, Any]:
    path = folder / DESCRIPTION
    try:
        description: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WeightsError(
            f"no {kind} codec in {folder}",
            got=" ".join(str(error).split()),
            fix=f"train it first: unio train configs/nano/{kind}_codec.yaml",
        ) from error
    if description.get("kind") != kind:
        raise WeightsError(f"{folder} holds another codec", got=description.get("kind"), expected=kind)
    return description["codec"]


def _fill(codec: DiscreteCodec, folder: Path) -> None:
    path = folder / WEIGHTS
    try:
        state = load_file(path)
    except (OSError, SafetensorError) as error:
        raise WeightsError(f"cannot read {path}", got=" ".join(str(error).split())) from error
    wanted = codec.state_dict()
    wrong = sorted(
        name
        for name in wanted.keys() | state.keys()
        if name not in wanted or name not in state or wanted[name].shape != state[name].shape
    )
    if wrong:
        raise WeightsError(
            f"{path} does not fit its description",
            got=f"missing, unexpected or wrong-shaped: {', '.join(wrong[:3])}",
            fix="train the codec again",
        )
    codec.load_state_dict(state)
