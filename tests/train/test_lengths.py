import numpy as np

from unio.data import BatchMaker
from unio.model import ModelConfig
from unio.schema import Batch, InputModality, Stream, Target, TargetModality
from unio.train.lengths import TargetLength, batch_lengths, padded_positions


def stream(mask: list, rows: list[int]) -> Stream[np.ndarray]:  # type: ignore[type-arg]
    held = np.array(mask, dtype=bool)
    return Stream(values=held, mask=held, positions=held, rows=np.array(rows))


def test_lengths_leave_padding_out(tiny_config: ModelConfig) -> None:
    batch = Batch(
        size=2,
        encoder_length=12,
        streams={
            InputModality.TEXT: stream([[1, 1, 0], [1, 1, 1]], [0, 1]),
            InputModality.IMAGE: stream([[1, 1, 1, 0]], [1]),
            InputModality.IMAGE_HISTORY: stream([[[1, 1], [0, 0], [1, 0]]], [0]),
        },
        targets={
            TargetModality.TEXT: Target(mask=np.array([[True, True, False]]), rows=np.array([1])),
            TargetModality.AUDIO: Target(mask=np.ones((1, 4), dtype=bool), rows=np.array([0])),
        },
    )
    lengths = batch_lengths(batch, tiny_config)
    assert lengths.encoder == (2 + 2 * 2, 3 + 3)  # two frames of two latents; three patches
    assert lengths.image == (3,)
    assert lengths.image_history == (2, 1)
    assert lengths.targets == (
        TargetLength(modality=TargetModality.TEXT, tokens=2, memory=6),
        TargetLength(modality=TargetModality.AUDIO, tokens=4, memory=6),
    )
    assert lengths.positions == 12 + 6
    assert padded_positions(batch) == 2 * 12 + 3 + 4


def test_a_made_batch_has_as_many_positions_as_its_masks(maker: BatchMaker, tiny_config: ModelConfig) -> None:
    batch = maker.make(0).batch
    lengths = batch_lengths(batch, tiny_config)
    assert len(lengths.encoder) == batch.size
    assert max(lengths.encoder) <= batch.encoder_length
    assert lengths.positions <= padded_positions(batch)
