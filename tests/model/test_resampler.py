import torch

from unio.model import ResamplerConfig, UnifiedIO
from unio.model.resampler import Resampler


def features(resampler: Resampler) -> torch.Tensor:
    width = resampler.input_projection.in_features
    return torch.randn(2, 5, width, generator=torch.Generator().manual_seed(1))


def test_masked_patches_have_no_effect(model: UnifiedIO):
    mask = torch.tensor([[1, 1, 0, 1, 0], [1, 0, 0, 0, 0]]).bool()
    for embedder in (model.input_embedders.image_history, model.input_embedders.audio_history):
        x = features(embedder.resampler)
        changed = torch.where(mask.unsqueeze(-1), x, x + 100)
        before, after = (embedder.resampler(value, mask=mask) for value in (x, changed))
        assert before.shape == (2, embedder.num_latents, 24)
        torch.testing.assert_close(before, after)


def test_the_gelu_form_is_a_setting(tiny_config):
    # Trap 4 of spec section 13: released weights were trained with tanh, the fixtures are exact.
    made = {}
    for activation in ("gelu", "gelu_tanh"):
        config: ResamplerConfig = tiny_config.image_resampler.model_copy(update={"activation": activation})
        torch.manual_seed(0)
        made[activation] = Resampler(config, input_dim=6, num_latents=3, output_dim=5)
        made[activation].latents.data.normal_()
    assert tiny_config.image_resampler.activation == "gelu_tanh"
    x, mask = features(made["gelu"]), torch.ones(2, 5).bool()
    exact, approximate = (made[name](x, mask=mask) for name in ("gelu", "gelu_tanh"))
    assert not torch.equal(exact, approximate)
    torch.testing.assert_close(exact, approximate, rtol=0, atol=5e-3)


def test_latents_are_no_keys(model: UnifiedIO):
    # With a single patch there is a single key, so every latent reads the same thing.
    layer = model.input_embedders.image_history.resampler.layers[0]
    keys_values = layer.attention.make_keys_values(torch.randn(1, 1, 16))
    queries = layer.attention.make_queries(torch.randn(1, 3, 16))
    read = layer.attention.attend(queries, keys_values)[0]
    torch.testing.assert_close(read[0], read[2])
