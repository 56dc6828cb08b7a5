"""The decoding loop against the real tiny model: caches, finished rows, seeds, batch-mates, guidance."""

import pytest
import torch
from torch import Tensor

from unio.core import InputError
from unio.infer.decoding import SeededSampler, decode
from unio.infer.grammar import AllowedTokens, Grammar, codes, free_text, locations_only, one_of
from unio.infer.sampling import guide, token_log_probability
from unio.model import Memory, UnifiedIO
from unio.schema import DecodingOptions, TargetModality
from unio.vocab import TextTokenizer

TEXT, IMAGE, AUDIO = TargetModality.TEXT, TargetModality.IMAGE, TargetModality.AUDIO
GREEDY = DecodingOptions(temperature=0)


def sampler(*seeds: int, **settings: float) -> SeededSampler:
    return SeededSampler.of([DecodingOptions(seed=seed, **settings) for seed in seeds])


def anything_but_the_end(vocab: int) -> Grammar:
    mask = torch.ones(1, vocab, dtype=torch.bool)
    mask[:, :2] = False
    return AllowedTokens(mask)


@pytest.fixture(scope="module")
def words(model: UnifiedIO, tokenizer: TextTokenizer) -> Grammar:
    return free_text(tokenizer.layout, vocab=model.config.text_vocab_rows)


@pytest.mark.parametrize(("modality", "count"), [(TEXT, 9), (IMAGE, 16), (AUDIO, 8)])
def test_cached_decoding_is_the_argmax_of_teacher_forcing(
    model: UnifiedIO, memory: Memory, modality: TargetModality, count: int
):
    grammar = anything_but_the_end(model.config.vocab_rows(modality))
    decoded = decode(
        model, modality, memory, length=count, grammar=grammar, choose=SeededSampler.of([GREEDY] * 3)
    )
    with torch.inference_mode():
        logits = model.logits(modality, decoded.ids, memory)
    assert decoded.ids.shape == (3, count)
    assert torch.equal(decoded.ids, 2 + logits[..., 2:].argmax(dim=-1))


@pytest.mark.parametrize("modality", [TEXT, IMAGE, AUDIO])
def test_cached_logits_equal_teacher_forced_logits(
    model: UnifiedIO, memory: Memory, modality: TargetModality
):
    """What the grammar sees at every step, against one teacher-forced pass."""
    seen: list[Tensor] = []

    class Watching:
        def allowed(self, logits: Tensor, ids: Tensor) -> Tensor:
            seen.append(logits)
            return anything_but_the_end(logits.shape[-1]).allowed(logits, ids)

    decoded = decode(model, modality, memory, length=7, grammar=Watching(), choose=sampler(1, 2, 3))
    with torch.inference_mode():
        forced = model.logits(modality, decoded.ids, memory)
    torch.testing.assert_close(torch.stack(seen, dim=1), forced, atol=1e-4, rtol=0)


def test_same_seed_same_output_other_seed_other_output(model: UnifiedIO, memory: Memory):
    def draw(*seeds: int) -> Tensor:
        grammar = codes(20, vocab=128)
        return decode(
            model, IMAGE, memory, length=16, grammar=grammar, choose=sampler(*seeds, top_p=0.95)
        ).ids

    assert torch.equal(draw(4, 5, 6), draw(4, 5, 6))
    assert not torch.equal(draw(4, 5, 6)[0], draw(7, 5, 6)[0])


def test_batch_mates_do_not_change_a_request(model: UnifiedIO, memory: Memory, words: Grammar):
    together = decode(model, TEXT, memory, length=12, grammar=words, choose=sampler(4, 5, 6))
    for row, seed in enumerate((4, 5, 6)):
        only = memory.select(torch.tensor([row]))
        alone = decode(model, TEXT, only, length=12, grammar=words, choose=sampler(seed))
        length = alone.ids.shape[1]
        assert torch.equal(together.ids[row, :length], alone.ids[0])
        torch.testing.assert_close(together.log_probability[row], alone.log_probability[0])


def test_finished_rows_are_padded_and_all_finished_ends_the_loop(model: UnifiedIO, memory: Memory):
    grammar = one_of([[3], [3, 4, 5, 6]])
    steps: list[int] = []

    def choose(logits: Tensor, *, step: int) -> Tensor:
        steps.append(step)
        return torch.tensor([[3, 3, 3], [1, 4, 1], [0, 5, 0], [0, 6, 0], [0, 1, 0]] + [[0] * 3] * 20)[step]

    decoded = decode(model, TEXT, memory, length=24, grammar=grammar, choose=choose)
    assert steps == list(range(8))  # the first look for the end after eight steps
    assert decoded.ids[:, :6].tolist() == [[3, 1, 0, 0, 0, 0], [3, 4, 5, 6, 1, 0], [3, 1, 0, 0, 0, 0]]
    assert decoded.ids[:, 6:].sum() == 0


def test_log_probability_is_the_mean_over_real_tokens(model: UnifiedIO, memory: Memory):
    def choose(logits: Tensor, *, step: int) -> Tensor:
        return torch.tensor([[3, 3, 3], [1, 4, 1], [9, 1, 9]])[step]

    grammar = AllowedTokens(torch.ones(1, model.config.text_vocab_rows, dtype=torch.bool))
    decoded = decode(model, TEXT, memory, length=3, grammar=grammar, choose=choose)
    assert decoded.ids.tolist() == [[3, 1, 0], [3, 4, 1], [3, 1, 0]]
    with torch.inference_mode():
        each = token_log_probability(model.logits(TEXT, decoded.ids, memory), decoded.ids)
    expected = torch.stack([each[0, :2].mean(), each[1].mean(), each[2, :2].mean()])
    torch.testing.assert_close(decoded.log_probability, expected, atol=1e-4, rtol=0)


def test_codes_are_never_begin_reserved_or_beyond_the_codec(model: UnifiedIO, memory: Memory):
    grammar = codes(12, vocab=128)
    ids = decode(model, AUDIO, memory, length=8, grammar=grammar, choose=sampler(1, 2, 3)).ids
    assert ids.shape == (3, 8)
    assert ids.min() >= 2
    assert ids.max() <= 13


def test_exactly_four_locations(model: UnifiedIO, memory: Memory, tokenizer: TextTokenizer):
    layout = tokenizer.layout
    grammar = locations_only(layout, vocab=model.config.text_vocab_rows, count=4)
    ids = decode(model, TEXT, memory, length=5, grammar=grammar, choose=sampler(1, 2, 3)).ids
    assert ((ids[:, :4] >= layout.location_start) & (ids[:, :4] < layout.location_end)).all()
    assert (ids[:, 4] == layout.end_id).all()


def test_guided_rows_share_the_token_and_follow_the_formula(model: UnifiedIO, memory: Memory):
    # Request 0 is guided away from request 1.
    pair = memory.select(torch.tensor([0, 1]))
    grammar = codes(20, vocab=128)
    decoded = decode(
        model, IMAGE, pair, length=16, grammar=grammar, choose=SeededSampler.of([GREEDY]), guidance=2.5
    )
    assert decoded.ids.shape == (1, 16)
    both = decoded.ids.expand(2, -1)
    with torch.inference_mode():
        conditional, unconditional = model.logits(IMAGE, both, pair)
        scores = guide(conditional, unconditional, guidance=2.5)
        expected = 2 + scores[:, 2:22].argmax(dim=-1)
        plain = 2 + conditional[:, 2:22].argmax(dim=-1)
        probable = token_log_probability(conditional, decoded.ids[0]).mean()
    assert torch.equal(decoded.ids[0], expected)
    assert not torch.equal(decoded.ids[0], plain)
    assert decoded.log_probability.item() == pytest.approx(probable.item(), abs=1e-4)


def test_guidance_with_a_row_too_few(model: UnifiedIO, memory: Memory):
    with pytest.raises(InputError, match="for every request: got 3 rows; expected an even number"):
        decode(
            model,
            IMAGE,
            memory,
            length=16,
            grammar=codes(20, vocab=128),
            choose=sampler(1),
            guidance=1.0,
        )
