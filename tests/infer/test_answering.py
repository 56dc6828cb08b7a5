"""A batch from examples to outputs: guidance, choices, and what is not looked at."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from unio.core import InputError
from unio.infer.answering import answer_batch, choose_answers, encode_examples
from unio.infer.grammar import one_of
from unio.infer.scoring import score_options
from unio.model import UnifiedIO
from unio.schema import DecodingOptions, Example, TargetModality
from unio.vocab import TextTokenizer

PICTURE = np.full((20, 30, 3), 90, np.uint8)


def drawing(prompt: str) -> Example:
    return Example(task="draw", prompt=prompt, target_modality=TargetModality.IMAGE)


def test_guidance_away_from_the_prompt_itself_changes_nothing(model: UnifiedIO, tokenizer: TextTokenizer):
    """Where both rows are the same, (1 + a) log p - a log p is log p."""
    example = drawing("[Image] [S] An image of a random picture.")
    options = DecodingOptions(temperature=0)
    plain = answer_batch([example], [options], model=model, tokenizer=tokenizer)[0]
    guided_options = options.model_copy(update={"guidance": 3.0})
    guided = answer_batch([example], [guided_options], model=model, tokenizer=tokenizer)[0]
    assert np.array_equal(plain.ids, guided.ids)
    other = answer_batch(
        [drawing("[Image] [S] the red ball")], [guided_options], model=model, tokenizer=tokenizer
    )[0]
    assert not np.array_equal(other.ids, guided.ids)


@pytest.mark.parametrize("guidance", [0.0, 3.0])
def test_drafted_codes_are_those_of_one_by_one(model: UnifiedIO, tokenizer: TextTokenizer, guidance: float):
    example = drawing("[Image] [S] the red ball")
    plain = DecodingOptions(temperature=0, guidance=guidance)
    drafted = plain.model_copy(update={"jacobi_window": 4})
    found = [
        answer_batch([example], [options], model=model, tokenizer=tokenizer)[0].ids
        for options in (plain, drafted)
    ]
    assert np.array_equal(*found)


def test_drafts_want_the_same_tokens_at_every_step(model: UnifiedIO, tokenizer: TextTokenizer):
    with pytest.raises(InputError, match="the same ones are allowed at every step: got the grammar OneOf"):
        answer_batch(
            [drawing("[Image] [S] the red ball")],
            [DecodingOptions(jacobi_window=4)],
            model=model,
            tokenizer=tokenizer,
            grammar=one_of([[2, 3]]),
        )


def test_targets_are_not_looked_at(model: UnifiedIO, tokenizer: TextTokenizer):
    example = drawing("[Image] [S] a red ball")
    shown = replace(example, target_image=PICTURE)
    memories = [encode_examples(model, tokenizer, [one]) for one in (example, shown)]
    assert torch.equal(memories[0].hidden, memories[1].hidden)


def test_choices_are_answered_by_the_lowest_mean_loss(
    model: UnifiedIO, tokenizer: TextTokenizer, questions: list[Example]
):
    choices = ("red", "the blue box", "yes")
    outputs = answer_batch(
        questions, [DecodingOptions(choices=choices)] * 3, model=model, tokenizer=tokenizer
    )
    ids = [tokenizer.encode(choice, max_length=24) for choice in choices]
    expected = score_options(model, encode_examples(model, tokenizer, questions), ids)
    for output, row in zip(outputs, expected, strict=True):
        assert list(output.scores) == list(choices)
        assert list(output.scores.values()) == pytest.approx(row.tolist(), abs=1e-6)
        best = int(row.argmax())
        assert output.text == choices[best]
        assert output.ids is not None
        assert output.ids.tolist() == ids[best]
        assert output.log_probability == output.scores[choices[best]]


@pytest.mark.parametrize("choices", [(), ("red", "red")])
def test_bad_choices(
    model: UnifiedIO, tokenizer: TextTokenizer, questions: list[Example], choices: tuple[str, ...]
):
    with pytest.raises(InputError, match="expected different texts, one or more"):
        choose_answers(questions, choices, model=model, tokenizer=tokenizer)
