"""All codes in one step: each is what step-by-step decoding would take if it were told none before it."""

import torch

from unio.infer.at_once import decode_at_once
from unio.infer.grammar import codes
from unio.model import Memory, UnifiedIO
from unio.schema import TargetModality

IMAGE = TargetModality.IMAGE
WITHHELD = 1


def test_every_code_is_the_best_of_its_place(model: UnifiedIO, memory: Memory):
    grammar = codes(model.config.image_codec.num_codes, vocab=model.config.image_vocab_rows)
    found = decode_at_once(model, IMAGE, memory, length=16, grammar=grammar)
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
