"""Packed equals unpacked: logits, loss, every gradient; and nobody sees a neighbour."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from unio.core import InputError
from unio.data.collate import collate, encoder_length
from unio.data.packing import RowLengths, collate_packed
from unio.model import ModelConfig, UnifiedIO, compute_loss, random_model
from unio.model.attention_plan import AttentionBackend
from unio.schema import Batch, Features, PatchFeatures, TargetFeatures, TargetModality

FIXED = RowLengths(encoder=70, decoder=60)


def frames(rng: np.random.Generator, masks: list[list[int]], width: int) -> PatchFeatures:
    mask = np.array(masks, dtype=bool)
    positions = np.tile(np.arange(mask.shape[1]), (len(mask), 1))
    values = rng.normal(size=(*mask.shape, width)).astype(np.float32)
    return PatchFeatures(patches=values, mask=mask, positions=positions)


def text(*ids: int) -> TargetFeatures:
    return TargetFeatures(modality=TargetModality.TEXT, ids=np.array(ids))


@pytest.fixture
def examples() -> list[Features]:
    """Every stream and every target, masked patches, empty frames, hidden codes."""
    rng = np.random.default_rng(8)
    picture = rng.uniform(-1, 1, size=(16, 16, 3)).astype(np.float32)
    sound = rng.normal(size=(48, 32)).astype(np.float32)
    hidden = np.zeros(16, dtype=bool)
    hidden[[1, 3, 4, 9]] = True
    withheld = np.arange(16) % 3 == 1
    image = TargetFeatures(modality=TargetModality.IMAGE, media=picture)
    return [
        Features(
            task="a",
            text=np.array([5, 6, 7, 1]),
            image=frames(rng, [[1, 1, 1, 0, 1, 1, 0, 1, 1]], 768),
            target=text(9, 8, 1),
        ),
        Features(
            task="b",
            text=np.array([9, 1]),
            image=frames(rng, [[1, 1, 1, 1, 1, 0, 0, 1, 1]], 768),
            image_history=frames(rng, [[1, 1, 1, 0], [0, 0, 0, 0], [1, 1, 1, 1]], 768),
            target=replace(image, hidden=hidden),
        ),
        Features(
            task="c",
            text=np.array([11, 12, 13, 14, 1]),
            audio=frames(rng, [[1, 1, 1, 1, 0, 0]], 256),
            audio_history=frames(rng, [[1, 1, 1, 1, 1, 1], [1, 1, 0, 0, 0, 0]], 256),
            target=TargetFeatures(modality=TargetModality.AUDIO, media=sound),
        ),
        Features(task="d", text=np.array([20, 1]), target=text(30, 31, 32, 33, 1)),
        Features(
            task="e", text=np.array([21, 22, 1]), target=replace(image, media=-picture, withheld=withheld)
        ),
    ]


def tensors(batch: Batch[np.ndarray]) -> Batch[Tensor]:
    return batch.map(torch.as_tensor)


def pack(
    examples: Sequence[Features], config: ModelConfig, *, lengths: RowLengths | None = None
) -> Batch[Tensor]:
    rows = [examples] if lengths is None else [examples[:3], examples[3:]]
    return tensors(collate_packed(rows, geometry=config.geometry, lengths=lengths))


def by_example(logits: dict[TargetModality, Tensor], batch: Batch[Tensor]) -> dict[int, Tensor]:
    """Logits of each example's counted tokens, whatever the batch's form."""
    found: dict[int, Tensor] = {}
    for modality, each in logits.items():
        target = batch.targets[modality]
        rows = target.rows if target.rows.shape == target.mask.shape[1:] else target.rows[:, None]
        owners = rows.expand(target.mask.shape) if len(rows.shape) == 2 else rows[None]
        if batch.packing is None or modality is not TargetModality.TEXT:
            owners = target.rows[:, None].expand(target.mask.shape)
        for example in target.rows.unique().tolist():
            found[example] = each[(owners == example) & target.mask]
    return found


@pytest.mark.parametrize("lengths", [None, FIXED], ids=["variable", "fixed"])
@pytest.mark.parametrize(
    ("dtype", "tolerance"), [(torch.float64, 1e-9), (torch.float32, 1e-5)], ids=["float64", "float32"]
)
@pytest.mark.parametrize("form", ["keep_context", "reference"])
@pytest.mark.parametrize("backend", ["segments", "mask"])
def test_packed_equals_unpacked(
    backend: AttentionBackend,
    tiny_config: ModelConfig,
    examples: list[Features],
    lengths: RowLengths | None,
    dtype: torch.dtype,
    tolerance: float,
    form: str,
) -> None:
    model = random_model(tiny_config.model_copy(update={"dynamic_mask": form}), seed=3)
    plain = model.tokenize_targets(tensors(collate(examples, geometry=tiny_config.geometry)))
    packed = model.tokenize_targets(pack(examples, tiny_config, lengths=lengths))
    model.to(dtype)
    model.attention_backend = backend
    outcomes: list[tuple[dict[int, Tensor], Tensor, dict[str, Tensor]]] = []
    for batch in (plain, packed):
        model.zero_grad()
        report = compute_loss(model, batch)
        report.total.backward()
        gradients = {name: one.grad.clone() for name, one in model.named_parameters() if one.grad is not None}
        with torch.no_grad():
            outcomes.append((by_example(model(batch), batch), report.total.detach(), gradients))
    (logits, loss, gradients), (packed_logits, packed_loss, packed_gradients) = outcomes
    assert logits.keys() == packed_logits.keys() == set(range(5))
    for example, expected in logits.items():
        torch.testing.assert_close(packed_logits[example], expected, rtol=tolerance, atol=tolerance)
    torch.testing.assert_close(packed_loss, loss, rtol=tolerance, atol=tolerance)
    assert gradients.keys() == packed_gradients.keys()
    largest = max(float(one.abs().max()) for one in gradients.values())
    for name, expected in gradients.items():
        difference = (packed_gradients[name] - expected).abs().max()
        assert difference <= tolerance * max(largest, 1.0), name


@torch.no_grad()
@pytest.mark.parametrize("backend", ["segments", "mask"])
@pytest.mark.parametrize("lengths", [None, FIXED], ids=["variable", "fixed"])
def test_changing_one_example_moves_nobody_else(
    tiny_config: ModelConfig,
    examples: list[Features],
    lengths: RowLengths | None,
    backend: AttentionBackend,
) -> None:
    model = random_model(tiny_config, seed=3)
    model.attention_backend = backend
    batch = model.tokenize_targets(pack(examples, tiny_config, lengths=lengths))
    reference = by_example(model(batch), batch)
    for changed, one in enumerate(examples):
        others = list(examples)
        others[changed] = replace(
            one,
            text=one.text[::-1].copy(),
            image=one.image and replace(one.image, patches=one.image.patches + 1),
            audio=one.audio and replace(one.audio, patches=one.audio.patches - 1),
        )
        altered = model.tokenize_targets(pack(others, tiny_config, lengths=lengths))
        found = by_example(model(altered), altered)
        for example, expected in reference.items():
            is_same = torch.equal(found[example], expected)
            assert is_same == (example != changed), (changed, example)


@pytest.mark.compiled
@torch.no_grad()
@pytest.mark.parametrize("lengths", [None, FIXED], ids=["variable", "fixed"])
@pytest.mark.parametrize("form", ["keep_context", "reference"])
def test_flex_attention_sees_the_same(
    tiny_config: ModelConfig, examples: list[Features], lengths: RowLengths | None, form: str
) -> None:
    model = random_model(tiny_config.model_copy(update={"dynamic_mask": form}), seed=3)
    batch = model.tokenize_targets(pack(examples, tiny_config, lengths=lengths))
    expected = model(batch)
    model.attention_backend = "flex"
    for modality, logits in model(batch).items():
        torch.testing.assert_close(logits, expected[modality], rtol=1e-4, atol=1e-5)


def test_frozen_encoders_get_no_gradient(tiny_config: ModelConfig, examples: list[Features]) -> None:
    model = random_model(tiny_config, seed=3)
    report = compute_loss(model, pack(examples, tiny_config), freeze_encoders=True)
    report.total.backward()
    assert model.input_embedders.image.encoder.class_token.grad is None
    assert model.input_embedders.image.projection.weight.grad is not None


@torch.no_grad()
def test_each_encoder_runs_once_on_all_frames(
    model: UnifiedIO,
    tiny_config: ModelConfig,
    examples: list[Features],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Inputs and histories of all examples in one pass, masked patches and empty frames left out."""
    embedders = model.input_embedders
    seen: dict[str, list[list[int]]] = {}
    for name, module in {
        "image": embedders.image.encoder,
        "audio": embedders.audio.encoder,
        "image latents": embedders.image_history.resampler,
        "audio latents": embedders.audio_history.resampler,
    }.items():
        seen[name] = []
        run = module.forward_packed

        def counted(
            *given: Any, calls: list[list[int]] = seen[name], run: Callable[..., Any] = run, **named: Any
        ) -> Any:
            calls.append(list(named["lengths"]))
            return run(*given, **named)

        monkeypatch.setattr(module, "forward_packed", counted)
    model(model.tokenize_targets(pack(examples, tiny_config, lengths=FIXED)))
    assert seen == {
        "image": [[7, 7, 3, 4]],
        "audio": [[4, 6, 2]],
        "image latents": [[3, 4]],
        "audio latents": [[6, 2]],
    }


def test_untokenized_targets_are_refused(
    model: UnifiedIO, tiny_config: ModelConfig, examples: list[Features]
) -> None:
    with pytest.raises(InputError, match="image targets are not tokenized: fix: call tokenize_targets first"):
        model(pack(examples, tiny_config))


def test_a_packed_row_is_as_long_as_its_content(tiny_config: ModelConfig, examples: list[Features]) -> None:
    batch = pack(examples, tiny_config)
    assert batch.packing is not None
    expected = [encoder_length(one, geometry=tiny_config.geometry) for one in examples]
    assert list(batch.packing.encoder.lengths) == expected
    assert batch.packing.encoder.length == sum(expected) == batch.encoder_length
    assert list(batch.packing.decoder.lengths) == [3, 16, 24, 5, 16]
    assert batch.packing.is_masked == (False, True, False, False, False)
