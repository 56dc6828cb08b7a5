import math

import torch

from unio.model import ModelConfig, fill_random, preset, random_model


def test_same_seed_same_weights(tiny_config: ModelConfig):
    one, same, other = (dict(random_model(tiny_config, seed=seed).named_parameters()) for seed in (1, 1, 2))
    assert all(torch.equal(one[name], same[name]) for name in one)
    assert not torch.equal(one["token_embedders.text.weight"], other["token_embedders.text.weight"])


def test_a_parameter_does_not_depend_on_the_rest_of_the_model(tiny_config: ModelConfig):
    deeper = tiny_config.model_copy(
        update={"trunk": tiny_config.trunk.model_copy(update={"encoder_layers": 3})}
    )
    name = "decoder.layers.1.mlp.up.weight"
    first, second = (
        dict(random_model(config, seed=1).named_parameters()) for config in (tiny_config, deeper)
    )
    assert torch.equal(first[name], second[name])


def test_deviations():
    parameters = dict(random_model(preset("nano"), seed=1).named_parameters())

    def deviation(name: str) -> float:
        return parameters[name].std().item()

    assert math.isclose(deviation("token_embedders.text.weight"), 1.0, rel_tol=0.01)
    assert math.isclose(deviation("encoder.layers.0.mlp.down.weight"), 704**-0.5, rel_tol=0.01)
    assert math.isclose(
        deviation("image_codec.encoder.levels.3.blocks.0.conv_2.weight"), (9 * 128) ** -0.5, rel_tol=0.01
    )
    assert math.isclose(deviation("target_embedders.image.modality"), 0.02, rel_tol=0.2)
    assert math.isclose(deviation("input_embedders.image.encoder.positions"), 1.5, rel_tol=0.05)
    assert (parameters["encoder.norm.scale"] == 1).all()
    assert (parameters["input_embedders.image.encoder.blocks.0.norm_1.weight"] == 1).all()
    assert (parameters["input_embedders.image.encoder.blocks.0.mlp.up.bias"] == 0).all()


def test_latents_read_different_things():
    # With a deviation of 0.02 they were alike to the fourth decimal, and a history told what, but not where.
    resampler = random_model(preset("nano"), seed=1).input_embedders.image_history.resampler
    patches = torch.randn(3, 36, 192, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        latents = resampler(patches, mask=torch.ones(3, 36).bool())
    alike = torch.cosine_similarity(latents[:, :, None], latents[:, None], dim=-1)
    assert alike[:, ~torch.eye(16).bool()].max() < 0.9


def test_a_new_vit_tells_where_a_patch_lies():
    encoder = random_model(preset("nano"), seed=1).input_embedders.image.encoder
    draw = torch.Generator().manual_seed(1)
    pictures = torch.randn(40, 1, 768, generator=draw) + torch.randn(40, 36, 768, generator=draw)
    positions = torch.arange(36).expand(40, -1)
    with torch.inference_mode():
        maps = encoder(pictures, mask=torch.ones(40, 36).bool(), positions=positions, grid=(6, 6))
    places = torch.stack([positions // 6, positions % 6], dim=-1).flatten(0, 1).double()
    features = torch.nn.functional.pad(maps.last.flatten(0, 1).double(), (0, 1), value=1.0)
    fitted = torch.linalg.lstsq(features[:1000], places[:1000]).solution
    errors = places[1000:] - features[1000:] @ fitted
    assert (errors.var(dim=0) < 0.2 * places.var(dim=0)).all(), (
        "rows and columns are read from the last block"
    )


def test_one_part_is_filled_anew(tiny_config: ModelConfig):
    model, other = (
        random_model(tiny_config, seed=1),
        dict(random_model(tiny_config, seed=2).named_parameters()),
    )
    before = {name: value.clone() for name, value in model.named_parameters()}
    assert fill_random(model, seed=2, part="input_embedders.image.encoder.positions") == 1
    assert fill_random(model, seed=2, part="encoder.layers.1") > 1
    for name, value in model.named_parameters():
        is_new = name.startswith("encoder.layers.1.") or name == "input_embedders.image.encoder.positions"
        assert torch.equal(value, other[name] if is_new else before[name]), name
    assert fill_random(model, seed=2, part="encoder.layers.9") == 0


def test_cosine_scale_starts_at_ten(tiny_config: ModelConfig):
    parameters = dict(random_model(tiny_config, seed=1).named_parameters())
    scale = parameters["input_embedders.audio_history.resampler.layers.0.attention.logit_scale"]
    torch.testing.assert_close(scale.exp(), torch.full((2,), 10.0))


def test_every_parameter_is_finite_float32(tiny_config: ModelConfig):
    for parameter in random_model(tiny_config, seed=1).parameters():
        assert parameter.dtype == torch.float32
        assert parameter.isfinite().all()
