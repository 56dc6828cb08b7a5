from dataclasses import replace

import numpy as np
import pytest
from synthetic import GEOMETRY

from unio.data.denoise import (
    Denoised,
    Denoiser,
    DenoiserConfig,
    Document,
    Material,
    MediaDenoising,
    TextDenoising,
    Video,
)
from unio.schema import Geometry, InputModality, Paradigm, TargetModality
from unio.vocab import TextTokenizer

ALL_KEPT = dict.fromkeys(InputModality, 1.0)
NONE_KEPT = dict.fromkeys(InputModality, 0.0)


class Bench:
    """Denoises with a config."""

    def __init__(self, tokenizer: TextTokenizer, geometry: Geometry) -> None:
        self.tokenizer, self.geometry = tokenizer, geometry

    def run(self, material: object, config: DenoiserConfig, *, seed: int = 0) -> Denoised:
        denoiser = Denoiser(config=config, tokenizer=self.tokenizer, geometry=self.geometry)
        return denoiser.denoise(material, rng=np.random.default_rng(seed))  # type: ignore[arg-type]

    def prompt(self, denoised: Denoised) -> str:
        return self.tokenizer.decode(denoised.features.text.tolist())

    def answer(self, denoised: Denoised) -> str:
        assert denoised.features.target is not None
        assert denoised.features.target.ids is not None
        return self.tokenizer.decode(denoised.features.target.ids.tolist())


@pytest.fixture
def bench(tokenizer: TextTokenizer, geometry: Geometry) -> Bench:
    return Bench(tokenizer, geometry)


def only(target: str, **changes: object) -> DenoiserConfig:
    return DenoiserConfig.model_validate({"targets": {target: 1.0}, "keep": ALL_KEPT, **changes})


def test_a_text_is_continued_and_everything_else_given(bench: Bench, material: Material) -> None:
    text = TextDenoising(sequential=1, regular=0, extreme=0, whole=0, prefix=(0.5, 0.5))
    found = bench.run(material, only("text", text=text))
    prompt, answer = bench.prompt(found), bench.answer(found)
    assert prompt.startswith("[Text] [S] a red ball")
    assert prompt.endswith(
        "<image_history_1> <image_history_2> <image_input> <audio_history_1> <audio_history_2> <audio_input>"
    )
    assert answer.endswith("box falls")
    features = found.features
    assert features.task == "denoise.scene"
    assert features.paradigm is Paradigm.SEQUENTIAL
    assert features.text[-1] == 1
    assert features.image is not None
    assert features.image.positions.shape == (1, 2), "half of the four patches, as keep_patches says"
    assert features.audio_history is not None
    assert features.audio_history.mask.shape[0] == 2


@pytest.mark.parametrize(("paradigm", "name"), [("regular", "R"), ("extreme", "X")])
def test_spans_of_a_text_are_hidden(bench: Bench, material: Material, paradigm: str, name: str) -> None:
    weights = {"sequential": 0, "regular": 0, "extreme": 0, paradigm: 1}
    found = bench.run(material, only("text", text=weights, keep=NONE_KEPT))
    prompt, answer = bench.prompt(found), bench.answer(found)
    assert prompt.startswith(f"[Text] [{name}] ")
    assert "<extra_id_0>" in prompt
    assert answer.startswith("<extra_id_0>")
    assert found.features.image is None
    assert found.choice.kept == frozenset()


def test_a_picture_is_restored_from_what_is_left_of_it(bench: Bench, material: Material) -> None:
    found = bench.run(material, only("image", image=MediaDenoising(regular=1.0, hidden=(0.5, 0.5))))
    features, target = found.features, found.features.target
    assert bench.prompt(found).startswith("[Image] [R] a red ball lies on the floor")
    assert "<image_input>" in bench.prompt(found)
    assert features.image is not None
    assert found.hidden is not None
    assert target is not None
    assert target.media is not None
    assert features.image.positions.tolist() == [np.flatnonzero(~found.hidden).tolist()]
    assert found.hidden.sum() == 2
    # One code lies on each patch of this geometry.
    assert target.hidden is not None
    np.testing.assert_array_equal(target.hidden, found.hidden)


def test_a_picture_is_generated_from_the_other_modalities_alone(bench: Bench, material: Material) -> None:
    found = bench.run(material, only("image", image=MediaDenoising(regular=0.0)))
    assert bench.prompt(found).startswith("[Image] [S] a red ball")
    assert "<image_input>" not in bench.prompt(found)
    assert found.features.image is None
    assert found.features.image_history is not None
    assert found.features.target is not None
    assert found.features.target.hidden is None


def test_a_sound_has_its_last_segment_as_target_and_the_others_as_history(
    bench: Bench, material: Material
) -> None:
    found = bench.run(material, only("audio", audio=MediaDenoising(regular=1.0, hidden=(0.5, 0.5))))
    features, target = found.features, found.features.target
    assert bench.prompt(found).startswith("[Audio] [R]")
    assert features.audio is not None
    assert features.audio_history is not None
    assert features.audio_history.mask.shape[0] == 2
    assert target is not None
    assert target.media is not None
    assert target.hidden is not None
    assert target.hidden.sum() == 2
    generated = bench.run(material, only("audio", audio=MediaDenoising(regular=0.0)))
    assert generated.features.audio is None
    assert generated.features.target is not None
    np.testing.assert_array_equal(generated.features.target.media, target.media)


def test_dynamic_masking_can_be_left_out(bench: Bench, material: Material) -> None:
    found = bench.run(material, only("image", image=MediaDenoising(regular=1.0), dynamic_masking=False))
    assert found.hidden is not None
    assert found.features.target is not None
    assert found.features.target.hidden is None


def test_without_sampling_every_patch_of_the_others_is_seen(bench: Bench, material: Material) -> None:
    found = bench.run(material, only("text", keep_patches=1.0))
    assert found.features.image is not None
    assert found.features.image.positions.tolist() == [[0, 1, 2, 3]]


def test_too_long_a_history_keeps_its_end(bench: Bench, material: Material, geometry: Geometry) -> None:
    frames = tuple(np.full((16, 16, 3), shade, dtype=np.uint8) for shade in range(6))
    found = bench.run(replace(material, image_history=frames), only("text"))
    assert found.features.image_history is not None
    assert found.features.image_history.mask.shape[0] == geometry.image.history_frames == 4
    assert [int(one[0, 0, 0]) for one in found.material.image_history] == [2, 3, 4, 5]


def test_a_text_of_one_token_is_written_whole(bench: Bench) -> None:
    token = Material(name="word", text="a")
    found = bench.run(token, only("text", text={"sequential": 0, "regular": 1, "extreme": 0}))
    assert bench.prompt(found) == "[Text] [S]"
    assert bench.answer(found) == "a"


def test_long_texts_fit_into_their_rows(tokenizer: TextTokenizer, material: Material) -> None:
    bench = Bench(tokenizer, GEOMETRY)  # 24 tokens
    long = replace(material, text="a red ball and " * 40, context="the blue box falls " * 20)
    for seed in range(30):
        found = bench.run(long, DenoiserConfig(), seed=seed)
        assert len(found.features.text) <= 24
        assert found.features.target is not None
        if found.features.target.ids is not None:
            assert 2 <= len(found.features.target.ids) <= 24


def test_a_document_names_its_pictures_where_they_stand(bench: Bench, material: Material) -> None:
    assert material.image is not None
    document = Document(name="page", parts=(material.image, " ", material.image, "the box falls"))
    text = TextDenoising(sequential=1, regular=0, extreme=0, whole=1.0)
    found = bench.run(document, only("text", text=text))
    assert bench.prompt(found) == "[Text] [S] <image_history_1> <image_input>"
    assert bench.answer(found) == "the box falls"
    blind = bench.run(document, only("text", text=text, keep=NONE_KEPT))
    assert bench.prompt(blind) == "[Text] [S]" or bench.prompt(blind).startswith("[Text] [S] the")
    assert "<image" not in bench.prompt(blind)


def test_a_video_is_one_picture_its_history_and_its_sound(bench: Bench, material: Material) -> None:
    assert material.image is not None
    video = Video(name="clip", frames=(material.image,) * 9, sound=material.audio, text="a red ball falls")
    found = bench.run(video, only("image", image=MediaDenoising(regular=0.0)))
    features = found.features
    assert features.image_history is not None
    assert features.image_history.mask.shape[0] == 4
    assert features.audio is not None
    assert features.audio_history is not None


def test_an_example_is_a_function_of_the_generator(bench: Bench, material: Material) -> None:
    first, again = (bench.run(material, DenoiserConfig(), seed=5) for _ in range(2))
    np.testing.assert_array_equal(first.features.text, again.features.text)
    assert first.choice == again.choice
    prompts = {bench.prompt(bench.run(material, DenoiserConfig(), seed=seed)) for seed in range(8)}
    assert len(prompts) > 4


def test_all_seven_prefixes_come_up(bench: Bench, material: Material) -> None:
    found = {
        (one.choice.target, one.choice.paradigm)
        for one in (bench.run(material, DenoiserConfig(), seed=seed) for seed in range(80))
    }
    assert found == {
        (TargetModality.TEXT, Paradigm.SEQUENTIAL),
        (TargetModality.TEXT, Paradigm.REGULAR),
        (TargetModality.TEXT, Paradigm.EXTREME),
        (TargetModality.IMAGE, Paradigm.SEQUENTIAL),
        (TargetModality.IMAGE, Paradigm.REGULAR),
        (TargetModality.AUDIO, Paradigm.SEQUENTIAL),
        (TargetModality.AUDIO, Paradigm.REGULAR),
    }
