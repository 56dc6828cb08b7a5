"""Decoding of the released models (spec section 14), and which folders get it."""

from pathlib import Path

import pytest

from unio.data.tasks import TASKS, task
from unio.infer import generation_defaults, load
from unio.infer.generation_defaults import GenerationDefaults, write_generation_defaults
from unio.infer.released_decoding import released_decoding, released_defaults
from unio.schema import DecodingOptions, TargetModality


@pytest.mark.parametrize("name", ["image_from_text", "audio_from_text"])
def test_what_is_made_from_words_is_guided(name: str):
    assert released_decoding(task(name)) == DecodingOptions(temperature=1.0, top_p=0.95, guidance=10.0)


@pytest.mark.parametrize("name", ["segment", "segment_box", "segment_refer"])
def test_segmentation_keeps_more_codes(name: str):
    assert released_decoding(task(name)) == DecodingOptions(temperature=1.0, top_p=0.97)


@pytest.mark.parametrize(
    "name", ["depth", "normals", "image_edit", "view_synthesis", "next_frame", "inpaint"]
)
def test_what_is_made_from_a_picture_is_not_guided(name: str):
    assert released_decoding(task(name)) == DecodingOptions(temperature=1.0, top_p=0.95)


def test_texts_are_decoded_as_their_families_say_but_may_be_long():
    texts = [family for family in TASKS if family.output is TargetModality.TEXT]
    for family in texts:
        released = released_decoding(family)
        assert released.max_tokens is None
        assert released.model_copy(update={"max_tokens": family.decoding.max_tokens}) == family.decoding
    for name in ("detect", "localise"):
        assert task(name).decoding.location_bias == 0.5
    assert task("refer").decoding.locations == 4
    assert task("classify").decoding.offered
    assert "nose" in (task("keypoints").decoding.form or "")


def test_a_published_folder_is_decoded_so_until_it_says_otherwise(published_folder: Path, tmp_path: Path):
    predictor = load(published_folder, device="cpu")
    assert predictor.defaults == released_defaults()
    assert predictor.defaults.of_task(task("depth")).top_p == 0.95
    assert predictor.defaults.of_task(task("detect")) == DecodingOptions(temperature=0, location_bias=0.5)
    for path in published_folder.iterdir():
        (tmp_path / path.name).symlink_to(path)
    own = GenerationDefaults(tasks={"depth": DecodingOptions(top_p=0.5)})
    write_generation_defaults(own, tmp_path)
    assert generation_defaults(tmp_path) == own


def test_our_own_folder_is_decoded_as_the_families_say(tiny_model_folder: Path):
    assert generation_defaults(tiny_model_folder) == GenerationDefaults()
    for name in ("image_from_text", "caption"):
        assert GenerationDefaults().of_task(task(name)) is task(name).decoding


def test_a_task_takes_the_models_options(published_folder: Path):
    predictor = load(published_folder, device="cpu", modalities=["image_target"])
    told: list[DecodingOptions] = []
    answer = predictor.answer

    def listen(examples: object, options: DecodingOptions) -> object:
        told.append(options)
        return answer(examples, options)  # pyright: ignore[reportArgumentType]

    predictor.answer = listen  # pyright: ignore[reportAttributeAccessIssue]
    predictor.run("image_from_text", text="a red ball", seed=3)
    predictor.run("image_from_text", text="a red ball", options=DecodingOptions(temperature=0))
    assert [one.guidance for one in told] == [10.0, 0.0]
    assert told[0].seed == 3
