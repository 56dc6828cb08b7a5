from dataclasses import dataclass

import numpy as np
from synthetic import GEOMETRY

from unio.data.denoise import Denoised, Denoiser, DenoiserConfig, Material
from unio.data.items import DenoisedItems
from unio.data.mixture import Mixture
from unio.vocab import TextTokenizer

ROOMY = GEOMETRY.model_copy(update={"text_length": 64})


@dataclass(frozen=True)
class OneScene:
    """The same material whatever is asked for: what differs is the denoiser's choice."""

    scene: Material

    def material(self, name: str, seed: int, index: int) -> Material:
        return self.scene


def denoised(tokenizer: TextTokenizer, material: Material, *, seed: int, index: int) -> Denoised:
    """Made by a new maker, which has made nothing before."""
    items = DenoisedItems(
        source=OneScene(material),
        mixture=Mixture(weights={"scene": 1}),
        denoiser=Denoiser(config=DenoiserConfig(), tokenizer=tokenizer, geometry=ROOMY),
        seed=seed,
    )
    return items.denoise(index)


def test_a_choice_is_a_function_of_seed_and_index(tokenizer: TextTokenizer, material: Material) -> None:
    for index in (7, 2, 5, 0):
        first, again = (denoised(tokenizer, material, seed=3, index=index) for _ in range(2))
        assert first.choice == again.choice
        np.testing.assert_array_equal(first.features.text, again.features.text)
        assert (first.features.image is None) == (again.features.image is None)
        if first.features.image is not None and again.features.image is not None:
            np.testing.assert_array_equal(first.features.image.positions, again.features.image.positions)
        if first.hidden is not None and again.hidden is not None:
            np.testing.assert_array_equal(first.hidden, again.hidden)


def test_another_seed_or_index_is_another_choice(tokenizer: TextTokenizer, material: Material) -> None:
    def texts(seed: int) -> list[list[int]]:
        return [denoised(tokenizer, material, seed=seed, index=n).features.text.tolist() for n in range(8)]

    assert texts(3) != texts(4)
    assert len({tuple(text) for text in texts(3)}) > 3
