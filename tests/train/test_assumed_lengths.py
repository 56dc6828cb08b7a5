from unio.model import preset
from unio.schema import TargetModality
from unio.train.assumed_lengths import AssumedLengths, assumed_lengths


def test_an_average_batch_of_the_large_model() -> None:
    assumed = AssumedLengths(
        prompt=10, text_target=7, image_share=0.5, audio_share=0, image_history_share=0, audio_history_share=0
    )
    counts = {TargetModality.TEXT: 3, TargetModality.IMAGE: 1, TargetModality.AUDIO: 0}
    lengths = assumed_lengths(assumed, preset("large"), counts=counts, keep_patches=0.5)
    assert lengths.image == (288, 288)
    assert lengths.encoder == (10 + 288 // 2,) * 4
    assert [target.tokens for target in lengths.targets] == [7, 7, 7, 1024]


def test_histories_are_full() -> None:
    counts = {TargetModality.TEXT: 2}
    lengths = assumed_lengths(
        AssumedLengths(image_history_share=0.5, audio_history_share=1.0),
        preset("large"),
        counts=counts,
        keep_patches=1.0,
    )
    assert lengths.image_history == (256,) * 4
    assert lengths.audio_history == (128,) * 8
