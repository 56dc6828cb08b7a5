from dataclasses import replace

import numpy as np
import pytest
import tiny
import torch

from unio.model import ModelConfig, compute_loss, random_model
from unio.schema import Batch
from unio.train.activations import activation_bytes
from unio.train.lengths import Lengths, TargetLength, batch_lengths
from unio.train.recompute import Recompute, recompute_layers


def padded_lengths(batch: Batch[np.ndarray], config: ModelConfig) -> Lengths:
    """Padding takes memory like anything else."""
    return replace(
        batch_lengths(batch, config),
        encoder=(batch.encoder_length,) * batch.size,
        targets=tuple(
            TargetLength(modality=name, tokens=target.mask.shape[1], memory=batch.encoder_length)
            for name, target in batch.targets.items()
            for _ in target.rows
        ),
    )


def kept_bytes(config: ModelConfig, recompute: Recompute) -> tuple[float, float]:
    """Measured: storages that autograd holds on to, weights left aside; and estimated."""
    model = random_model(config, seed=1)
    recompute_layers(model, recompute)
    batch = tiny.tiny_maker(text=6, image=2).make(0).batch
    weights = {value.untyped_storage().data_ptr() for value in model.parameters()}
    kept: dict[int, int] = {}

    def note(value: torch.Tensor) -> torch.Tensor:
        storage = value.untyped_storage()
        if value.is_floating_point() and storage.data_ptr() not in weights:
            kept[storage.data_ptr()] = storage.nbytes()
        return value

    with torch.autograd.graph.saved_tensors_hooks(note, lambda value: value):
        report = compute_loss(model, batch.map(torch.as_tensor))
    assert report.total.requires_grad
    estimate = activation_bytes(config, padded_lengths(batch, config), width=4, recompute=recompute)
    return float(sum(kept.values())), estimate


@pytest.fixture(scope="module")
def wide_config(tiny_config: ModelConfig) -> ModelConfig:
    """More layers than the tiny one, so that the stacks outweigh what the estimate leaves out."""
    trunk = tiny_config.trunk.model_copy(
        update={"dim": 64, "num_heads": 4, "head_dim": 16, "mlp_dim": 128, "encoder_layers": 4}
    )
    return tiny_config.model_copy(update={"trunk": trunk.model_copy(update={"decoder_layers": 4})})


def test_the_estimate_is_near_what_autograd_keeps(wide_config: ModelConfig) -> None:
    measured, estimated = kept_bytes(wide_config, "none")
    assert 0.6 < estimated / measured < 1.6


def test_recomputing_keeps_much_less(wide_config: ModelConfig) -> None:
    lengths = batch_lengths(tiny.tiny_maker().make(0).batch, wide_config)
    kept = [
        activation_bytes(wide_config, lengths, width=2, recompute=choice)  # type: ignore[arg-type]
        for choice in ("all", "trunk", "none")
    ]
    assert kept == sorted(kept)
    assert kept[1] < 0.7 * kept[2]


def test_frozen_encoders_keep_nothing(tiny_config: ModelConfig) -> None:
    lengths = batch_lengths(tiny.tiny_maker().make(0).batch, tiny_config)
    frozen = activation_bytes(tiny_config, lengths, width=2, frozen_encoders=True)
    assert frozen < activation_bytes(tiny_config, lengths, width=2)
