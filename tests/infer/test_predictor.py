"""The predictor with the real tiny model: grouping, seeds, tasks, free prompts."""

from dataclasses import replace

import numpy as np
import pytest

from unio.core import ConfigError, InputError
from unio.infer.grammar import one_of
from unio.infer.predictor import Predictor
from unio.media import AudioLimits, ImageLimits, MediaLimits, Prediction
from unio.model import UnifiedIO
from unio.schema import DecodingOptions, Example, TargetModality, Waveform
from unio.vocab import TextTokenizer, parse_locations

PICTURE = np.random.default_rng(3).integers(0, 256, (20, 30, 3), dtype=np.uint8)
NOISE = np.random.default_rng(4).uniform(-0.5, 0.5, 1500).astype(np.float32)
SHORT = DecodingOptions(max_tokens=6)


@pytest.fixture(scope="module")
def predictor(model: UnifiedIO, tokenizer: TextTokenizer) -> Predictor:
    return Predictor(model, tokenizer, batch_size=2)


@pytest.fixture(scope="module")
def mixed(questions: list[Example]) -> list[Example]:
    draw = Example(task="d", prompt="[Image] [S] a ball", target_modality=TargetModality.IMAGE)
    bang = Example(task="s", prompt="[Audio] [S] a box falls", target_modality=TargetModality.AUDIO)
    return [questions[0], draw, questions[1], bang, questions[2]]


def test_mixed_requests_come_back_in_order(predictor: Predictor, mixed: list[Example]):
    outputs = predictor.answer(mixed, DecodingOptions(seed=3))
    kinds = [
        next(name for name in ("text", "image", "audio") if getattr(output, name) is not None)
        for output in outputs
    ]
    assert kinds == ["text", "image", "text", "audio", "text"]


def test_an_answer_does_not_depend_on_what_else_is_asked(predictor: Predictor, mixed: list[Example]):
    options = [DecodingOptions(seed=seed, top_p=0.9) for seed in (1, 2, 3, 4, 5)]
    together = predictor.answer(mixed, options)
    for example, one, expected in zip(mixed, options, together, strict=True):
        alone = predictor.answer([example], one)[0]
        assert alone.ids is not None
        assert np.array_equal(alone.ids, expected.ids)


def test_no_examples(predictor: Predictor):
    assert predictor.answer([], DecodingOptions()) == []


def test_a_grammar_of_the_callers(predictor: Predictor, questions: list[Example]):
    words = ["yes", "no"]
    grammar = one_of([predictor.tokenizer.encode(word) for word in words])
    outputs = predictor.answer(questions, DecodingOptions(seed=2), grammar=grammar)
    assert all(output.text in words for output in outputs)


def test_options_that_do_not_match(predictor: Predictor, questions: list[Example]):
    with pytest.raises(InputError, match="options do not match the examples: got 1 options for 3 examples"):
        predictor.answer(questions, [SHORT])


def test_generate_text_from_everything(predictor: Predictor):
    prediction = predictor.generate(
        "what is it?",
        image=PICTURE,
        audio=(NOISE, 16000),
        image_history=[PICTURE, PICTURE],
        audio_history=[Waveform(samples=NOISE, rate=16000)],
        max_tokens=5,
    )
    assert isinstance(prediction, Prediction)
    assert isinstance(prediction.text, str)
    assert prediction.source is not None
    assert np.array_equal(prediction.source, PICTURE)


def test_generate_pictures_and_sounds_by_seed(predictor: Predictor):
    def draw(seed: int, **options: float) -> np.ndarray:
        image = predictor.generate("a red ball", output="image", seed=seed, **options).image
        assert image is not None
        return image

    assert draw(3).shape == (16, 16, 3)
    assert np.array_equal(draw(3), draw(3))
    assert not np.array_equal(draw(3), draw(4))
    assert np.array_equal(draw(3, temperature=0), draw(4, temperature=0))
    audio = predictor.generate("a box falls", output="audio").audio
    assert audio is not None
    assert audio.rate == 16000


def test_generate_one_of_the_choices(predictor: Predictor):
    prediction = predictor.generate("which colour?", choices=("red", "blue"))
    assert prediction.text == max(prediction.scores, key=prediction.scores.__getitem__)
    assert set(prediction.scores) == {"red", "blue"}


def test_generate_with_bad_arguments(predictor: Predictor):
    with pytest.raises(InputError, match="unknown output: got 'video'; expected text, image, audio"):
        predictor.generate("a ball", output="video")  # pyright: ignore[reportArgumentType]
    with pytest.raises(ConfigError, match="generate: unknown key 'temprature'"):
        predictor.generate("a ball", temprature=1)
    with pytest.raises(ConfigError, match="generate: bad value at 'top_p'"):
        predictor.generate("a ball", top_p=2)


def test_score_orders_choices(predictor: Predictor, questions: list[Example]):
    scores = predictor.score(questions[1], ["red", "blue"])
    assert set(scores) == {"red", "blue"}
    assert all(score < 0 for score in scores.values())


def test_run_tasks_of_each_output(predictor: Predictor):
    box = predictor.run("refer", image=PICTURE, text="the red ball")
    assert box.boxes is not None
    assert box.boxes.shape == (1, 4)
    drawn = predictor.run("image_from_text", text="a red ball", seed=5)
    assert drawn.image is not None
    again = predictor.run("image_from_text", text="a red ball", seed=5)
    assert np.array_equal(drawn.image, again.image)
    heard = predictor.run("audio_tag", audio=(NOISE, 16000), options=SHORT)
    assert heard.text is not None


def test_run_with_sounds_at_another_rate(predictor: Predictor):
    for sound in ((np.stack([NOISE, NOISE], axis=1), 44100), Waveform(samples=NOISE, rate=8000)):
        assert predictor.run("audio_tag", audio=sound, options=SHORT).text is not None


def test_limits_bound_what_requests_bring(model: UnifiedIO, tokenizer: TextTokenizer):
    limits = MediaLimits(image=ImageLimits(max_pixels=599), audio=AudioLimits(max_seconds=0.05))
    bound = Predictor(model, tokenizer, limits=limits)
    for ask in (
        lambda: bound.run("caption", image=PICTURE),
        lambda: bound.generate("what?", image_history=[PICTURE]),
    ):
        with pytest.raises(
            InputError, match="too many pixels: got 20 x 30 = 600 pixels; expected at most 599"
        ):
            ask()
    for ask in (
        lambda: bound.run("audio_tag", audio=(NOISE, 16000)),
        lambda: bound.generate("what?", audio=(NOISE, 16000)),
    ):
        with pytest.raises(InputError, match=r"the given sound is too long: got more than 0.05 s"):
            ask()


def test_run_an_unknown_task_or_without_its_input(predictor: Predictor):
    with pytest.raises(ConfigError, match=r"unknown task: got 'detekt'; expected one of detect"):
        predictor.run("detekt", image=PICTURE)
    with pytest.raises(InputError, match="task 'detect' needs the input 'image'"):
        predictor.run("detect")


def test_a_form_is_filled_with_locations(predictor: Predictor, questions: list[Example]):
    (output,) = predictor.answer(
        questions[:1], DecodingOptions(form="<extra_id_200> red <extra_id_200> box", temperature=0)
    )
    assert output.text is not None
    assert len(parse_locations(output.text)) == 2
    assert [word for word in output.text.split() if not word.startswith("<")] == ["red", "box"]


def test_an_example_may_offer_its_own_choices(predictor: Predictor, questions: list[Example]):
    offered = [
        replace(questions[0], choices=("red", "blue")),
        replace(questions[1], choices=("one", "two", "six")),
    ]
    outputs = predictor.answer(offered, DecodingOptions(offered=True))
    assert [tuple(output.scores) for output in outputs] == [("red", "blue"), ("one", "two", "six")]
    with pytest.raises(InputError, match="no choices are offered: got an example of"):
        predictor.answer(questions[:1], DecodingOptions(offered=True))
