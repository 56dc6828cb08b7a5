"""Grammar masks on literal ids."""

import pytest
import torch
from torch import Tensor

from unio.core import InputError
from unio.infer.grammar import (
    AllowedTokens,
    Grammar,
    OneOf,
    Template,
    codes,
    filled_form,
    free_text,
    location_bias,
    locations_only,
    on_device,
    one_of,
)
from unio.vocab import VocabLayout

LAYOUT = VocabLayout(base_size=5)  # words 3 and 4, locations 5..1004, sentinels 1005..1204, 1230 in use
VOCAB = LAYOUT.padded_size  # 1280
NOTHING = torch.zeros(1, 0, dtype=torch.int64)


def allowed_ids(grammar: Grammar, ids: Tensor, logits: Tensor | None = None) -> list[list[int]]:
    """The allowed ids of each row."""
    if logits is None:
        logits = torch.zeros(len(ids), VOCAB)
    mask = grammar.allowed(logits, ids).expand(len(ids), -1)
    return [row.nonzero().flatten().tolist() for row in mask]


def test_free_text_bans_padding_unknown_prompt_pieces_and_unused_rows():
    assert allowed_ids(free_text(LAYOUT, vocab=VOCAB), NOTHING) == [[1, *range(3, 1205)]]


def test_codes_ban_begin_reserved_and_rows_beyond_the_codec():
    assert allowed_ids(codes(3, vocab=8), NOTHING, torch.zeros(1, 8)) == [[2, 3, 4]]
    assert allowed_ids(codes(6, vocab=8), NOTHING, torch.zeros(1, 8)) == [[2, 3, 4, 5, 6, 7]]


def test_more_codes_than_rows():
    with pytest.raises(InputError, match="codes do not fit the table: got 7 codes; expected 1 to 6"):
        codes(7, vocab=8)


def test_locations_of_any_number():
    grammar = locations_only(LAYOUT, vocab=VOCAB)
    assert allowed_ids(grammar, torch.tensor([[7, 8]])) == [[1, *range(5, 1005)]]


def test_exactly_two_locations_then_the_end():
    grammar = locations_only(LAYOUT, vocab=VOCAB, count=2)
    places = list(range(5, 1005))
    assert allowed_ids(grammar, NOTHING) == [places]
    assert allowed_ids(grammar, torch.tensor([[7], [9]])) == [places, places]
    assert allowed_ids(grammar, torch.tensor([[7, 8]])) == [[1]]
    assert allowed_ids(grammar, torch.tensor([[7, 8, 1, 0]])) == [[1]]


def test_a_template_forces_names_between_free_slots():
    slots = torch.zeros(3, 6, dtype=torch.bool)
    slots[0, 4:] = True  # free
    slots[1, 3] = True  # forced
    slots[2, 1] = True  # the end
    steps = [torch.zeros(1, length, dtype=torch.int64) for length in (0, 1, 2)]
    assert [allowed_ids(Template(slots), ids, torch.zeros(1, 6)) for ids in steps] == [[[4, 5]], [[3]], [[1]]]


def test_location_bias_weighs_all_locations_together():
    # Row 0: each location holds 0.0006, all 0.6; the end token alone 0.4 is the best single token.
    # Row 1: the other way round.
    probabilities = torch.zeros(2, VOCAB)
    probabilities[0, 5:1005], probabilities[0, 1] = 0.0006, 0.4
    probabilities[1, 5:1005], probabilities[1, 1] = 0.0004, 0.6
    probabilities[:, 1250] = 5.0  # an unused row must not count
    grammar = location_bias(LAYOUT, vocab=VOCAB, threshold=0.5)
    first, second = allowed_ids(grammar, torch.zeros(2, 0, dtype=torch.int64), probabilities.log())
    assert first == list(range(5, 1005))
    assert second == [1, 3, 4, *range(1005, 1205)]


def test_one_of_walks_the_prefix_tree_of_every_row():
    grammar = one_of([[3, 4], [3, 5, 6], [7], [3]])
    logits = torch.zeros(3, 8)
    assert allowed_ids(grammar, torch.zeros(3, 0, dtype=torch.int64), logits) == [[3, 7]] * 3
    assert allowed_ids(grammar, torch.tensor([[3], [7], [7]]), logits) == [[1, 4, 5], [1], [1]]
    assert allowed_ids(grammar, torch.tensor([[3, 5], [3, 4], [3, 1]]), logits) == [[6], [1], [0]]
    assert allowed_ids(grammar, torch.tensor([[3, 5, 6], [3, 4, 1], [7, 1, 0]]), logits) == [[1], [0], [0]]
    finished = torch.tensor([[3, 5, 6, 1], [3, 4, 1, 0], [7, 1, 0, 0]])
    assert allowed_ids(grammar, finished, logits) == [[0]] * 3


def test_one_of_nothing():
    with pytest.raises(InputError, match="no choices: got an empty list; expected one choice or more"):
        one_of([])


def test_a_form_forces_its_words_and_frees_its_locations():
    layout = VocabLayout(base_size=40)
    form = filled_form([layout.location_start, 7], layout, vocab=layout.padded_size)
    logits = torch.zeros(1, layout.padded_size)
    first, second, end = (
        form.allowed(logits, torch.zeros(1, steps, dtype=torch.long))[0].nonzero().flatten().tolist()
        for steps in range(3)
    )
    assert (first[0], first[-1], len(first)) == (layout.location_start, layout.location_end - 1, 1000)
    assert (second, end) == ([7], [layout.end_id])


def test_on_a_device_a_grammar_is_the_same():
    device = torch.device("meta")
    moved = on_device(AllowedTokens(torch.ones(1, 5, dtype=torch.bool)), device)
    assert isinstance(moved, AllowedTokens)
    assert moved.tokens.device == device
    choices = on_device(one_of([[7, 8]]), device)
    assert isinstance(choices, OneOf)
    assert choices.choices.device == device


def test_a_grammar_of_ones_own_is_left_alone():
    class Anything:
        def allowed(self, logits, ids):
            return logits > 0

    grammar = Anything()
    assert on_device(grammar, torch.device("meta")) is grammar
