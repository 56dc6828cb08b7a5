import numpy as np

from unio.data.denoise import (
    PARADIGMS,
    Denoiser,
    DenoiserConfig,
    Material,
    MediaDenoising,
    explain,
    explain_each,
)
from unio.schema import Geometry, prompt_prefix
from unio.vocab import TextTokenizer


def test_each_paradigm_is_shown_once_in_order(
    tokenizer: TextTokenizer, geometry: Geometry, material: Material
) -> None:
    denoiser = Denoiser(config=DenoiserConfig(), tokenizer=tokenizer, geometry=geometry)
    examples = (denoiser.denoise(material, rng=np.random.default_rng(seed)) for seed in range(80))
    found = explain_each(examples, tokenizer=tokenizer, geometry=geometry)
    assert list(found) == [prompt_prefix(*one) for one in PARADIGMS]
    for title, explanation in found.items():
        assert explanation.title == title
        assert explanation.prompt.startswith(title)
        assert (explanation.answer is None) == (explanation.target is not None)
        assert explanation.draw(height=48).shape[0] >= 48
        assert explanation.to_json()["title"] == title
    assert next(iter(examples), None) is not None, "it stopped reading when all were found"


def test_hidden_patches_and_codes_are_grey(
    tokenizer: TextTokenizer, geometry: Geometry, material: Material
) -> None:
    config = DenoiserConfig.model_validate(
        {
            "targets": {"image": 1.0},
            "keep": {"audio": 0.0, "image_history": 0.0, "audio_history": 0.0},
            "image": MediaDenoising(regular=1.0, hidden=(0.75, 0.75)),
        }
    )
    denoiser = Denoiser(config=config, tokenizer=tokenizer, geometry=geometry)
    denoised = denoiser.denoise(material, rng=np.random.default_rng(1))
    found = explain(denoised, tokenizer=tokenizer, geometry=geometry)
    assert [one.label for one in found.inputs] == ["image"]
    assert found.target is not None
    for shown in (found.inputs[0].picture, found.target.picture):
        assert shown.shape == (16, 16, 3)
        assert (shown == 128).all(axis=-1).mean() >= 0.75
    assert (found.hidden_share, found.hidden_code_share) == (0.75, 0.75)
    assert found.dropped == ("audio", "audio_history", "image_history")
