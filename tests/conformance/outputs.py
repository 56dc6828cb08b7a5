"""Every recorded key, computed by our model; whole arrays, not yet sub-sampled."""

import re
from functools import cached_property

import torch
from case import Case, target_codes, target_media
from generation import generate_codes, generate_text
from torch import Tensor

from unio.model import Memory, token_losses
from unio.schema import InputModality, TargetModality

TARGET_LENGTHS = (12, 9)
OPTION_LENGTHS = (3, 5, 2, 6)
FIRST_CODE_ID = 2


class Outputs:
    """Looks a key up and computes it; what several keys share is computed once."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.model = case.model

    def compute(self, key: str) -> Tensor:
        """The array of ``key``. Raises ``KeyError`` for a key the README does not describe."""
        group, _, name = key.partition("/")
        match group:
            case "vit" | "ast" if name in ("last", "second"):
                return self._features(group, name)
            case "embed":
                return self._embedded(name)
            case "encoder" if name == "lengths":
                return self.memory.mask.sum(dim=1)
            case "encoder" if name == "hidden":
                return self._encoded()
            case "vqgan" | "vitvqgan":
                return self._codec(group, name)
            case "text" | "image" | "audio" if name in ("logits", "loss"):
                return self._teacher_forced(TargetModality(group), name)
            case "score" if name == "mean_loss":
                return self._score()
            case "generate":
                return self._generate(name)
            case _:
                raise KeyError(key)

    @cached_property
    def batch(self):
        return self.case.batch()

    @cached_property
    def memory(self) -> Memory:
        return self.model.encode(self.batch)

    @cached_property
    def embedded(self):
        return dict(zip(InputModality, self.model.embed(self.batch), strict=True))

    @cached_property
    def features(self):
        embedders = self.model.input_embedders
        found = {}
        for group, modality, embedder in (
            ("vit", InputModality.IMAGE, embedders.image),
            ("ast", InputModality.AUDIO, embedders.audio),
        ):
            stream = self.batch.streams[modality]
            found[group] = (
                embedder.encoder(
                    stream.values, mask=stream.mask, positions=stream.positions, grid=embedder.grid
                ),
                stream.mask,
            )
        return found

    def _features(self, group: str, name: str) -> Tensor:
        maps, mask = self.features[group]
        return getattr(maps, name) * mask.unsqueeze(-1)

    def _embedded(self, name: str) -> Tensor:
        stream, _, part = re.fullmatch(r"(.*?)(_(mask|rope))?", name).group(1, 2, 3)
        if stream not in list(InputModality):
            raise KeyError(f"embed/{name}")
        embedded = self.embedded[InputModality(stream)]
        if part == "mask":
            return embedded.mask
        if part == "rope":
            return embedded.rotary[:1].transpose(-1, -2).flatten(-2)
        return embedded.hidden * embedded.mask.unsqueeze(-1)

    def _encoded(self) -> Tensor:
        # The reference leaves masked positions where they are; our rows have them moved to the end.
        mask = torch.cat([self.embedded[modality].mask for modality in InputModality], dim=1)
        spread = self.memory.hidden.new_zeros(*mask.shape, self.memory.hidden.shape[-1])
        spread[mask] = self.memory.hidden[self.memory.mask]
        return spread

    def _codec(self, group: str, name: str) -> Tensor:
        modality, codec = {
            "vqgan": (TargetModality.IMAGE, self.model.image_codec),
            "vitvqgan": (TargetModality.AUDIO, self.model.audio_codec),
        }[group]
        if name in ("codes", "codes_time_major"):
            return codec.encode(target_media(self.case, modality))
        if name != "decoded":
            raise KeyError(f"{group}/{name}")
        decoded = codec.decode(target_codes(self.case, modality))
        return decoded if modality is TargetModality.IMAGE else decoded.transpose(1, 2).unsqueeze(1)

    def _teacher_forced(self, modality: TargetModality, name: str) -> Tensor:
        if modality is TargetModality.TEXT:
            ids, mask = self.case.ids(["target_text_0", "target_text_1"], list(TARGET_LENGTHS))
        else:
            ids = target_codes(self.case, modality) + FIRST_CODE_ID
            mask = torch.ones_like(ids, dtype=torch.bool)
        logits = self.model.logits(modality, ids, self.memory)
        return logits * mask.unsqueeze(-1) if name == "logits" else _mean_loss(logits, ids, mask)

    def _score(self) -> Tensor:
        names = [f"option_{index}" for index in range(len(OPTION_LENGTHS))]
        ids, mask = self.case.ids(names, list(OPTION_LENGTHS))
        memory = self.memory.select(torch.zeros(len(names), dtype=torch.long))
        return _mean_loss(self.model.logits(TargetModality.TEXT, ids, memory), ids, mask)

    def _generate(self, name: str) -> Tensor:
        if name == "text_ids":
            return generate_text(self.case, self.memory)
        found = re.fullmatch(r"(image|audio)_codes(?:_cfg([\d.]+))?", name)
        if found is None:
            raise KeyError(f"generate/{name}")
        modality = TargetModality(found[1])
        if found[2] is None:
            return generate_codes(self.case, modality, self.memory)
        unconditional = self.model.encode(self.case.unconditional_batch())
        return generate_codes(
            self.case, modality, self.memory, unconditional=unconditional, guidance=float(found[2])
        )


def _mean_loss(logits: Tensor, ids: Tensor, mask: Tensor) -> Tensor:
    losses, _ = token_losses(logits.double(), ids)
    return (losses * mask).sum(dim=1) / mask.sum(dim=1)
