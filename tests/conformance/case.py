"""A conformance case: the model and the inputs that `README.md` of the fixtures describes.

A folder holds ``seeded.py``, ``config_<case>.json``, ``params_<case>.json`` and ``<case>.npz``. Weights and
inputs are pure functions of a seed and a name, so nothing else is needed.
"""

import importlib.util
import json
import math
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import torch
from torch import Tensor

from unio.model import UnifiedIO, config_from_reference, load_reference_state
from unio.schema import Batch, InputModality, Stream, TargetModality

TEXT_LENGTHS = (23, 17)
BATCH = 2
END_ID = 1


@dataclass(frozen=True, kw_only=True)
class Case:
    """One configuration with its weights, and what the reference made of it."""

    model: UnifiedIO
    seeded: ModuleType
    seed: int
    expected: dict[str, np.ndarray]

    def array(self, name: str, shape: tuple[int, ...]) -> Tensor:
        """A standard normal input."""
        return torch.from_numpy(self.seeded.array(name, shape, self.seed))

    def ids(self, names: list[str], lengths: list[int]) -> tuple[Tensor, Tensor]:
        """Random texts, each closed with the end token, zero padded; and where they are not padding."""
        rows = torch.zeros(len(names), max(lengths), dtype=torch.long)
        for row, (name, length) in enumerate(zip(names, lengths, strict=True)):
            vocab = self.model.config.text_vocab_rows
            drawn = self.seeded.integers(name, 3, vocab, (length - 1,), self.seed)
            rows[row, :length] = torch.tensor([*drawn, END_ID])
        return rows, rows > 0

    def frames(self, modality: InputModality, *, latents: int, otherwise: int) -> int:
        """Frames of a history, told by the recorded embedding; the README's number if there is none."""
        recorded = self.expected.get(f"embed/{modality.value}")
        return otherwise if recorded is None else recorded.shape[1] // latents

    def batch(self) -> Batch[Tensor]:
        """Two examples with all five streams."""
        return _batch(self, *self.ids(["text_0", "text_1"], list(TEXT_LENGTHS)))

    def unconditional_batch(self) -> Batch[Tensor]:
        """The same with the negative text in place of example 0's; example 1 is not looked at."""
        return _batch(self, *self.ids(["negative_text", "text_1"], list(TEXT_LENGTHS)))


def read_recorded(folder: Path, name: str) -> dict[str, np.ndarray]:
    """What the reference made of a case."""
    with np.load(folder / f"{name}.npz") as archive:
        return {key: archive[key] for key in archive.files}


def load_case(folder: Path, name: str, *, expected: dict[str, np.ndarray]) -> Case:
    """Build a case's model; ``expected`` is what the reference recorded."""
    seeded = _import(folder / "seeded.py")
    described = json.loads((folder / f"config_{name}.json").read_text())
    shapes: dict[str, list[int]] = json.loads((folder / f"params_{name}.json").read_text())
    seed: int = described["seed"]
    return Case(
        model=_model(described["config"], shapes, seeded, seed), seeded=seeded, seed=seed, expected=expected
    )


def target_codes(case: Case, modality: TargetModality) -> Tensor:
    """The reference's codes of the target picture or sound; our own where none are recorded."""
    key = {"image": "vqgan/codes", "audio": "vitvqgan/codes_time_major"}[modality.value]
    if key in case.expected:
        return torch.from_numpy(case.expected[key]).long()
    codec = case.model.image_codec if modality is TargetModality.IMAGE else case.model.audio_codec
    return codec.encode(target_media(case, modality))


def target_media(case: Case, modality: TargetModality) -> Tensor:
    """The picture (batch, 3, height, width) or the sound (batch, frames, mels) to be encoded."""
    geometry = case.model.config.geometry
    if modality is TargetModality.IMAGE:
        side = geometry.image.target_size // 8
        coarse = case.array("target_image", (BATCH, side, side, 3)).tanh().permute(0, 3, 1, 2)
        return coarse.repeat_interleave(8, dim=2).repeat_interleave(8, dim=3)
    return case.array("target_audio", (BATCH, geometry.audio.frames, geometry.audio.mels, 1)).squeeze(-1)


def _model(config: dict[str, Any], shapes: dict[str, list[int]], seeded: ModuleType, seed: int) -> UnifiedIO:
    # The file does not say how long the AST's position table is; the parameter's shape does.
    table = "input_embedders.audio.image_encoder.vision_transformer.positional_embedding"
    if table in shapes:
        config["audio_vit_cfg"].setdefault("num_pos", shapes[table][0])
    model = UnifiedIO(config_from_reference(config, resampler_activation="gelu"))
    weights = {name: seeded.weight(name, tuple(shape), seed) for name, shape in shapes.items()}
    load_reference_state(model, {name: torch.from_numpy(weight) for name, weight in weights.items()})
    return model.eval()


def _batch(case: Case, ids: Tensor, mask: Tensor) -> Batch[Tensor]:
    image, audio = case.model.config.geometry.image, case.model.config.geometry.audio
    image_width, audio_width = 3 * image.patch_size**2, audio.patch_size**2
    image_frames = case.frames(InputModality.IMAGE_HISTORY, latents=image.history_latents, otherwise=3)
    segments = case.frames(InputModality.AUDIO_HISTORY, latents=audio.history_latents, otherwise=2)
    patches, frame_patches = math.prod(image.input_grid), math.prod(image.history_grid)
    sound_patches = math.prod(audio.input_grid)
    streams = {
        InputModality.TEXT: _stream(ids, mask),
        InputModality.IMAGE: _stream(case.array("image_patches", (BATCH, patches, image_width))),
        InputModality.IMAGE_HISTORY: _stream(
            case.array("image_history", (BATCH, image_frames, frame_patches, image_width))
        ),
        InputModality.AUDIO: _stream(case.array("audio_patches", (BATCH, sound_patches, audio_width))),
        InputModality.AUDIO_HISTORY: _stream(
            case.array("audio_history", (BATCH, segments, sound_patches, audio_width))
        ),
    }
    streams[InputModality.IMAGE].mask[1, 400:] = False
    streams[InputModality.IMAGE_HISTORY].mask[1, 2:] = False
    streams[InputModality.IMAGE_HISTORY].mask[0, 1:2, 200:] = False
    streams[InputModality.AUDIO].mask[0, 100:] = False
    streams[InputModality.AUDIO_HISTORY].mask[1, 1:] = False
    length = ids.shape[1] + patches + image_frames * image.history_latents
    length += sound_patches + segments * audio.history_latents
    return Batch(size=BATCH, encoder_length=length, streams=streams)


def _stream(values: Tensor, mask: Tensor | None = None) -> Stream[Tensor]:
    is_text = mask is not None
    axes = values.shape if is_text else values.shape[:-1]
    mask = mask if mask is not None else torch.ones(axes, dtype=torch.bool)
    positions = torch.arange(axes[-1]).expand(axes)
    return Stream(values=values, mask=mask, positions=positions, rows=torch.arange(BATCH))


def _import(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
