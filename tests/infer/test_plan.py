"""Lengths and grammars from options."""

import pytest
import torch

from unio.core import InputError
from unio.infer.plan import check_options, plan_decoding
from unio.model import ModelConfig
from unio.schema import DecodingOptions, TargetModality
from unio.vocab import VocabLayout

LAYOUT = VocabLayout(base_size=280)
TEXT, IMAGE, AUDIO = TargetModality.TEXT, TargetModality.IMAGE, TargetModality.AUDIO


def plan_text(config: ModelConfig, **settings: float):
    options = DecodingOptions.model_validate(settings)
    return plan_decoding(options, modality=TEXT, config=config, layout=LAYOUT)


def first_allowed(grammar, logits: torch.Tensor) -> list[int]:
    mask = grammar.allowed(logits, torch.zeros(1, 0, dtype=torch.int64))
    return mask[0].nonzero().flatten().tolist()


@pytest.mark.parametrize(("modality", "length", "last_code"), [(IMAGE, 16, 21), (AUDIO, 8, 13)])
def test_media_have_exactly_their_codes(
    tiny_config: ModelConfig, modality: TargetModality, length: int, last_code: int
):
    plan = plan_decoding(DecodingOptions(), modality=modality, config=tiny_config, layout=LAYOUT)
    assert plan.length == length
    assert first_allowed(plan.grammar, torch.zeros(1, 128)) == list(range(2, last_code + 1))


def test_text_lengths(tiny_config: ModelConfig):
    assert plan_text(tiny_config).length == 24
    assert plan_text(tiny_config, max_tokens=5).length == 5
    assert plan_text(tiny_config, max_tokens=500).length == 24
    assert plan_text(tiny_config, locations=4, max_tokens=2).length == 5


def test_text_grammars(tiny_config: ModelConfig):
    flat = torch.zeros(1, 1536)
    assert first_allowed(plan_text(tiny_config).grammar, flat) == [1, *range(3, 1480)]
    assert first_allowed(plan_text(tiny_config, locations=2).grammar, flat) == list(range(280, 1280))
    # Of 1478 equally probable tokens 1000 are locations: 0.68 of the probability.
    above = plan_text(tiny_config, location_bias=0.6).grammar
    below = plan_text(tiny_config, location_bias=0.7).grammar
    assert first_allowed(above, flat) == list(range(280, 1280))
    assert first_allowed(below, flat) == [1, *range(3, 280), *range(1280, 1480)]


def test_more_locations_than_room(tiny_config: ModelConfig):
    with pytest.raises(InputError, match="more locations than a text can hold: got 24; expected at most 23"):
        plan_text(tiny_config, locations=24)


def test_drafts_for_text():
    with pytest.raises(InputError, match="codes alone are drafted ahead: got jacobi_window=8 for text"):
        check_options(DecodingOptions(jacobi_window=8), TEXT)


def test_guidance_for_text():
    with pytest.raises(InputError, match="guidance is for pictures and sounds: got guidance=2 for text"):
        check_options(DecodingOptions(guidance=2), TEXT)


def test_text_options_for_a_picture():
    options = DecodingOptions(choices=("a",), locations=4)
    with pytest.raises(InputError, match="an option for text was given for image: got choices, locations"):
        check_options(options, IMAGE)


def test_all_at_once_is_for_codes_alone():
    with pytest.raises(InputError, match="texts are written word by word: got at_once=mean for text"):
        check_options(DecodingOptions(at_once="mean"), TEXT)
    with pytest.raises(InputError, match="at_once goes alone: got guidance=2"):
        check_options(DecodingOptions(at_once="best", guidance=2.0), IMAGE)
    check_options(DecodingOptions(at_once="best"), AUDIO)
