import pytest

from unio.core import WeightsError
from unio.model import from_reference, to_reference
from unio.model.reference_names import NAMES


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("token_embedders.image.weight", "image_token_embedder.weight"),
        ("encoder.layers.11.mlp.gate.weight", "encoder.layers_11.mlp.wi_0.weight"),
        (
            "decoder.layers.3.cross_attention.key_norm.scale",
            "decoder.layers_3.encoder_decoder_attention.key_norm.scale",
        ),
        (
            "input_embedders.audio.encoder.blocks.2.norm_1.bias",
            "input_embedders.audio.image_encoder.vision_transformer.transformer.resblocks.2.ln_1.bias",
        ),
        (
            "input_embedders.image_history.resampler.layers.1.attention.logit_scale",
            "input_embedders.image_history.resampler.perceiver.layers_1.xattention.logit_scale",
        ),
        (
            "image_codec.decoder.levels.1.blocks.0.shortcut.weight",
            "target_embedders.image.vqgan.decoder.up_1_block_0.nin_shortcut.weight",
        ),
    ],
)
def test_both_ways(ours: str, theirs: str):
    assert to_reference(ours) == theirs
    assert from_reference(theirs) == ours


def test_unknown_names_are_refused():
    with pytest.raises(WeightsError, match=r"'lm_head.weight' is not in the table of the reference's"):
        from_reference("lm_head.weight")
    with pytest.raises(WeightsError, match=r"'encoder.layers.x.mlp' is not in the table of our"):
        to_reference("encoder.layers.x.mlp")


def test_no_row_is_written_twice():
    ours, theirs = zip(*NAMES, strict=True)
    assert len(set(ours)) == len(set(theirs)) == len(NAMES)
