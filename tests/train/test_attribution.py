from dataclasses import replace

import pytest
import tiny
import torch

from unio.model import ModelConfig, compute_loss, random_model
from unio.schema import Paradigm, prompt_prefix
from unio.schema.modality import TargetModality
from unio.train.attribution import paradigms_by_id, sums_by_kind


class PrefixTokenizer:
    """Knows one prefix as a piece."""

    def encode(self, text: str, *, max_length: int | None = None) -> list[int]:
        return [9] if text == prompt_prefix(TargetModality.IMAGE, Paradigm.REGULAR) else [1, 2]


def test_only_prefixes_that_are_a_piece_count() -> None:
    assert paradigms_by_id(PrefixTokenizer()) == {9: Paradigm.REGULAR}


def test_sums_by_task_add_up_to_the_modality(tiny_config: ModelConfig) -> None:
    batch = tiny.tiny_maker().make(0).batch
    with torch.no_grad():
        report = compute_loss(random_model(tiny_config, seed=1), batch.map(torch.as_tensor))
    # every prompt of "paint" begins with a colour's first letter: r, g or b
    letters = {3 + ord(letter): Paradigm.EXTREME for letter in "rgb"}
    sums = sums_by_kind(batch, report, paradigms=letters)
    total, tokens = sums["task/paint"]
    assert tokens == 2 * 4
    assert total / tokens == pytest.approx(report.by_modality[TargetModality.IMAGE].item(), rel=1e-5)
    assert sums["paradigm/X"] == pytest.approx(sums["task/paint"])
    assert set(sums) == {"task/name", "task/paint", "task/hum", "paradigm/X"}


def test_rows_that_are_several_examples_are_left_out(tiny_config: ModelConfig) -> None:
    batch = replace(tiny.tiny_maker().make(0).batch, tasks=("name",))
    with torch.no_grad():
        report = compute_loss(random_model(tiny_config, seed=1), batch.map(torch.as_tensor))
    assert sums_by_kind(batch, report, paradigms={}) == {}
