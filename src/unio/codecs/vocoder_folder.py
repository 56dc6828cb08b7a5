"""A trained vocoder as a folder, ``vocoder.json`` and ``vocoder.safetensors``. None is bundled."""

import json
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file  # pyright: ignore[reportUnknownVariableType]
from torch import Tensor

from unio.codecs.vocoder import Vocoder, VocoderConfig
from unio.core import WeightsError, validate_config
from unio.schema import Waveform

__all__ = ["load_vocoder", "save_vocoder", "vocode"]

DESCRIPTION = "vocoder.json"
WEIGHTS = "vocoder.safetensors"


def save_vocoder(vocoder: Vocoder, folder: Path, *, rate: int) -> None:
    """Write a vocoder of sounds at ``rate`` samples a second; old weights or new ones, never half of them."""
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f"{WEIGHTS}.partial"
    tensors = {name: value.detach().cpu().contiguous() for name, value in vocoder.state_dict().items()}
    save_file(tensors, partial)
    description = {"rate": rate, "vocoder": vocoder.config.model_dump(mode="json")}
    (folder / DESCRIPTION).write_text(json.dumps(description, indent=1), encoding="utf-8")
    partial.replace(folder / WEIGHTS)


def load_vocoder(folder: Path) -> Vocoder:
    """The vocoder in ``folder``. Raises ``WeightsError`` if it is missing, broken or of other sizes."""
    try:
        description: dict[str, Any] = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
        state = load_file(folder / WEIGHTS)
    except (OSError, ValueError, SafetensorError) as error:
        raise WeightsError(
            f"no vocoder in {folder}",
            got=" ".join(str(error).split()),
            fix="train one: unio train configs/nano/vocoder.yaml",
        ) from error
    where = str(folder / DESCRIPTION)
    vocoder = Vocoder(validate_config(VocoderConfig, description.get("vocoder", {}), where=where))
    try:
        vocoder.load_state_dict(state)
    except RuntimeError as error:
        raise WeightsError(
            f"{folder / WEIGHTS} does not fit its description", got=str(error).splitlines()[-1].strip()
        ) from error
    return vocoder.eval()


@torch.no_grad()
def vocode(vocoder: Vocoder, log_mel: Float[Tensor, "frames mels"], *, rate: int) -> Waveform:
    """The sound of one log-mel (not normalised): ``(frames - 1) * hop`` samples, as Griffin-Lim gives."""
    samples = vocoder(log_mel[None].float())[0]
    kept = samples[: (len(log_mel) - 1) * vocoder.config.hop]
    return Waveform(samples=kept.cpu().numpy(), rate=rate)
