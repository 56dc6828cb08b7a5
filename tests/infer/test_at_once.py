"""All codes in one step: each is what step-by-step decoding would take if it were told none before it."""

import numpy as np
import pytest
import torch

from unio.infer.at_once import decode_at_once
from unio.infer.grammar import codes
from unio.infer.outputs import make_outputs
from unio.model import Memory, UnifiedIO
from unio.schema import TargetModality
from unio.vocab import TextTokenizer

IMAGE = TargetModality.IMAGE
WITHHELD = 1


def test_every_code_is_the_best_of_its_place(model: UnifiedIO, memory: Memory):
    grammar = codes(model.config.image_codec.num_codes, vocab=model.config.image_vocab_rows)
    found = decode_at_once(model, IMAGE, memory, length=16, grammar=grammar, form="best")
    assert found.vectors is None
    token = torch.zeros(len(memory.hidden), 1, dtype=torch.long)
    total = torch.zeros(len(memory.hidden))
    with torch.inference_mode():
        cache = model.new_cache(IMAGE, memory, max_length=16)
        for place in range(16):
            logits = model.decode_step(token, cache)
            best = logits.masked_fill(~grammar.tokens, float("-inf")).argmax(-1)
            assert torch.equal(found.ids[:, place], best)
            total += logits.log_softmax(-1).gather(-1, best[:, None])[:, 0]
            token = torch.full_like(token, WITHHELD)
    torch.testing.assert_close(found.log_probability, total / 16)


@pytest.mark.parametrize("modality", [IMAGE, TargetModality.AUDIO])
def test_the_mean_lies_between_codes(model: UnifiedIO, memory: Memory, modality: TargetModality):
    codec = model.image_codec if modality is IMAGE else model.audio_codec
    count = codec.config.num_codes
    grammar = codes(count, vocab=model.config.vocab_rows(modality))
    length = model.config.target_length(modality)
    found = decode_at_once(model, modality, memory, length=length, grammar=grammar, form="mean")
    assert found.vectors is not None
    with torch.inference_mode():
        ids = torch.zeros_like(found.ids)
        logits = model.logits(modality, ids, memory, withheld=torch.ones_like(ids, dtype=torch.bool))
        shares = logits[..., 2 : 2 + count].softmax(-1)
        vectors = codec.quantizer.lookup(torch.arange(count)[None])[0]
        mean = torch.einsum("blc,cd->bld", shares, vectors)
    if modality is TargetModality.AUDIO:  # its codes are directions
        mean = mean / mean.norm(dim=-1, keepdim=True)
    torch.testing.assert_close(found.vectors, mean)


def test_a_certain_model_means_its_best_code(
    model: UnifiedIO, memory: Memory, tokenizer: TextTokenizer, monkeypatch: pytest.MonkeyPatch
):
    certain = model.logits
    monkeypatch.setattr(model, "logits", lambda *given, **named: certain(*given, **named) * 1e4)
    grammar = codes(model.config.image_codec.num_codes, vocab=model.config.image_vocab_rows)
    best, mean = (
        decode_at_once(model, IMAGE, memory, length=16, grammar=grammar, form=form)
        for form in ("best", "mean")
    )
    drawn = [
        make_outputs(one, modality=IMAGE, model=model, tokenizer=tokenizer)[0].image for one in (best, mean)
    ]
    np.testing.assert_allclose(*(one.astype(int) for one in drawn if one is not None), atol=1)
