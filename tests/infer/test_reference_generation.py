"""The decoding loop against recorded generations of the reference (see the fixtures' README)."""

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from unio.infer.decoding import decode
from unio.infer.grammar import AllowedTokens, Grammar, codes
from unio.model import Memory
from unio.schema import TargetModality

CONFORMANCE = Path(__file__).parents[1] / "conformance"
NOISE = 0.2
GUIDED_STEPS = 112
"""Plain and guided pictures of this case part at step 96."""


@pytest.fixture(scope="module")
def case() -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(CONFORMANCE))
        reader = importlib.import_module("case")
        folder = CONFORMANCE / "data"
        yield reader.load_case(folder, "qknorm", expected=reader.read_recorded(folder, "qknorm"))


def generate(
    case: Any,
    modality: TargetModality,
    memory: Memory,
    *,
    grammar: Grammar,
    total: int,
    length: int,
    a: float = 0,
) -> list[int]:
    """The first ``length`` ids under the recorded noise, which was drawn for ``total`` steps."""
    noise = NOISE * case.array(f"noise_{modality.value}", (total, case.model.config.vocab_rows(modality)))

    def choose(logits: Tensor, *, step: int) -> Tensor:
        return (logits + noise[step]).argmax(dim=-1)

    decoded = decode(case.model, modality, memory, length=length, grammar=grammar, choose=choose, guidance=a)
    return decoded.ids[0].tolist()


def encode_first(case: Any, batch: Any) -> Memory:
    with torch.inference_mode():
        return case.model.encode(batch).select(torch.tensor([0]))


def test_text(case: Any):
    anything = AllowedTokens(torch.ones(1, case.model.config.text_vocab_rows, dtype=torch.bool))
    memory = encode_first(case, case.batch())
    ids = generate(case, TargetModality.TEXT, memory, grammar=anything, total=24, length=24)
    assert [0, *ids] == case.expected["generate/text_ids"].flatten().tolist()


def test_guided_picture(case: Any):
    conditional = encode_first(case, case.batch())
    unconditional = encode_first(case, case.unconditional_batch())
    pair = Memory(
        **{
            name: torch.cat([getattr(conditional, name), getattr(unconditional, name)])
            for name in ("hidden", "mask", "rotary")
        }
    )
    rows = case.model.config.image_vocab_rows
    grammar = codes(rows - 2, vocab=rows)
    ids = generate(case, TargetModality.IMAGE, pair, grammar=grammar, total=1024, length=GUIDED_STEPS, a=2.5)
    recorded = case.expected["generate/image_codes_cfg2.5"].flatten()[:GUIDED_STEPS].tolist()
    plain = case.expected["generate/image_codes"].flatten()[:GUIDED_STEPS].tolist()
    assert [one - 2 for one in ids] == recorded
    assert recorded != plain
