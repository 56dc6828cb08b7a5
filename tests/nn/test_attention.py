import math

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from unio.nn import Attention, AttentionKind, line_rotary, precision, rotate

BATCH, HEADS, LENGTH, KEYS, HEAD_DIM, DIM = 2, 3, 4, 5, 8, 7


def make(kind: AttentionKind) -> Attention:
    torch.manual_seed(0)
    attention = Attention(DIM, num_heads=HEADS, head_dim=HEAD_DIM, kind=kind)
    for name, parameter in attention.named_parameters():
        if name.endswith("scale"):
            parameter.data += torch.randn_like(parameter) * 0.3
    return attention


def heads(x: Tensor) -> Tensor:
    return x.view(BATCH, -1, HEADS, HEAD_DIM).transpose(1, 2)


def by_hand(attention: Attention, x: Tensor, context: Tensor, open_keys: Tensor) -> Tensor:
    """The definition of spec section 10, written with explicit logits."""
    q, k, v = heads(attention.query(x)), heads(attention.key(context)), heads(attention.value(context))
    if attention.kind == "query_key_norm":
        q, k = attention.query_norm(q), attention.key_norm(k)
    positions = [line_rotary(torch.arange(n)[None], head_dim=HEAD_DIM) for n in (LENGTH, KEYS)]
    if attention.kind == "scaled_cosine":
        q, k = (part / part.norm(dim=-1, keepdim=True) for part in (q, k))
        scale = attention.logit_scale.clamp(max=math.log(100)).exp()[:, None, None]
    else:
        scale = 1 / math.sqrt(HEAD_DIM)
    logits = rotate(q, positions[0]) @ rotate(k, positions[1]).transpose(-1, -2) * scale
    weights = logits.masked_fill(~open_keys, -math.inf).softmax(dim=-1)
    return attention.out((weights @ v).transpose(1, 2).reshape(BATCH, LENGTH, -1))


@pytest.mark.parametrize("kind", ["query_key_norm", "scaled_cosine", "plain"])
def test_agrees_with_the_definition(kind: AttentionKind):
    attention = make(kind)
    x, context = torch.randn(BATCH, LENGTH, DIM), torch.randn(BATCH, KEYS, DIM)
    mask = torch.tensor([[1, 1, 1, 0, 0], [1, 0, 1, 1, 1]], dtype=torch.bool)[:, None, None]
    queries = attention.make_queries(x, rotary=line_rotary(torch.arange(LENGTH)[None], head_dim=HEAD_DIM))
    keys_values = attention.make_keys_values(
        context, rotary=line_rotary(torch.arange(KEYS)[None], head_dim=HEAD_DIM)
    )
    found = attention.attend(queries, keys_values, mask=mask)
    torch.testing.assert_close(found, by_hand(attention, x, context, mask))


def test_cosine_scale_stops_at_a_hundred():
    attention = make("scaled_cosine")
    x = torch.randn(BATCH, LENGTH, DIM)
    attention.logit_scale.data.fill_(9.0)
    beyond = attention.make_queries(x)
    torch.testing.assert_close(beyond.norm(dim=-1), torch.full((BATCH, HEADS, LENGTH), 100.0))


def test_query_key_norm_makes_logits_blind_to_the_size_of_queries():
    attention = make("query_key_norm")
    x = torch.randn(BATCH, LENGTH, DIM)
    torch.testing.assert_close(attention.make_queries(x), attention.make_queries(7 * x), rtol=1e-4, atol=1e-4)


def test_causal_attention_does_not_look_ahead():
    attention = make("plain")
    x = torch.randn(BATCH, LENGTH, DIM)
    changed = x.clone()
    changed[:, 2:] += 1

    def attend(x: Tensor) -> Tensor:
        return attention.attend(attention.make_queries(x), attention.make_keys_values(x), is_causal=True)

    assert torch.equal(attend(x)[:, :2], attend(changed)[:, :2])
    assert not torch.allclose(attend(x)[:, 2:], attend(changed)[:, 2:])


def test_training_in_bfloat16_attends_in_float32_on_a_processor(monkeypatch: pytest.MonkeyPatch):
    seen: list[torch.dtype] = []
    original = F.scaled_dot_product_attention

    def record(queries: Tensor, *rest: Tensor, **settings: object) -> Tensor:
        seen.append(queries.dtype)
        return original(queries, *rest, **settings)

    monkeypatch.setattr(F, "scaled_dot_product_attention", record)
    monkeypatch.setattr(precision, "CPU_HAS_BFLOAT16", True)
    attention = make("query_key_norm")
    x = torch.randn(BATCH, LENGTH, DIM)
    for is_training in (True, False):
        with torch.autocast("cpu", torch.bfloat16), torch.set_grad_enabled(is_training):
            result = attention.attend(attention.make_queries(x), attention.make_keys_values(x))
        assert result.dtype == torch.bfloat16
    assert seen == [torch.float32, torch.bfloat16]


@pytest.mark.parametrize("kind", ["query_key_norm", "scaled_cosine", "plain"])
@torch.inference_mode()
def test_a_lone_query_in_bfloat16_attends_as_in_float32(kind: AttentionKind):
    wide = make(kind)
    x, context = torch.randn(BATCH, 1, DIM).bfloat16(), torch.randn(BATCH, KEYS, DIM).bfloat16()
    mask = torch.tensor([[1, 1, 0, 1, 1], [1, 0, 0, 0, 0]]).bool()[:, None, None]
    expected = wide.attend(wide.make_queries(x.float()), wide.make_keys_values(context.float()), mask=mask)
    narrow = make(kind).bfloat16()
    found = narrow.attend(narrow.make_queries(x), narrow.make_keys_values(context), mask=mask)
    assert found.dtype is torch.bfloat16
    torch.testing.assert_close(found.float(), expected, rtol=0.05, atol=0.05)
