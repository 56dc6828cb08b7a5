from collections.abc import Iterator
from pathlib import Path

import pytest

from unio.data import Mixture, featurise
from unio.data.denoise import Denoised, Denoiser, DenoiserConfig, ExampleMaterials
from unio.data.items import DenoisedItems
from unio.data.sources.playroom import PlayroomSource
from unio.evals.data_page import denoised_shots, example_shot
from unio.model import read_model_config
from unio.schema import Geometry
from unio.vocab import TextTokenizer

SOURCE = PlayroomSource(split="train", size=48)


@pytest.fixture(scope="module")
def reader(tiny_model_folder: Path) -> tuple[TextTokenizer, Geometry]:
    tokenizer = TextTokenizer.from_file(tiny_model_folder / "tokenizer.model")
    return tokenizer, read_model_config(tiny_model_folder).geometry


def test_an_example_is_shown_with_its_media_and_truth(reader: tuple[TextTokenizer, Geometry]) -> None:
    tokenizer, geometry = reader
    example = SOURCE.example("refer", 0, 0)
    features = featurise(example, tokenizer=tokenizer, geometry=geometry)
    shot = example_shot(example, features, place="here", tokenizer=tokenizer, geometry=geometry)
    assert [one.label for one in shot.given] == ["given: image, 48 x 48"]
    assert [one.label for one in shot.view.inputs] == ["image: 4 of 4 patches"]
    assert len(shot.truth) == 1
    assert shot.facts["box"].startswith("[")


def test_each_paradigm_of_denoising_is_shown_once(reader: tuple[TextTokenizer, Geometry]) -> None:
    tokenizer, geometry = reader
    items = DenoisedItems(
        source=ExampleMaterials(source=SOURCE),
        mixture=Mixture(weights={"caption": 2, "audio_from_text": 1}),
        denoiser=Denoiser(config=DenoiserConfig(), tokenizer=tokenizer, geometry=geometry),
        seed=0,
    )

    def bounded() -> Iterator[Denoised]:
        yield from (items.denoise(index) for index in range(120))

    shots = denoised_shots(bounded(), tokenizer=tokenizer, geometry=geometry)
    assert [shot.view.title for shot in shots] == [
        "[Text] [S]",
        "[Text] [R]",
        "[Text] [X]",
        "[Image] [S]",
        "[Image] [R]",
        "[Audio] [S]",
        "[Audio] [R]",
    ]
    assert "grey" in shots[4].view.targets[0].label
    assert shots[4].facts["patches hidden"].endswith("%")
