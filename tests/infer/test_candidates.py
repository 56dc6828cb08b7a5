"""Several drawn, the best read one kept."""

from dataclasses import replace

import numpy as np
import pytest

from unio.core import InputError
from unio.data.tasks import task
from unio.infer import Predictor
from unio.infer.candidates import keep_best, spread
from unio.model import UnifiedIO
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality
from unio.vocab import TextTokenizer

PICTURE = np.full((20, 30, 3), 90, np.uint8)
DRAWING = Example(task="draw", prompt="[Image] [S] the red ball", target_modality=TargetModality.IMAGE)
HUMMING = Example(task="hum", prompt="[Audio] [S] the red ball", target_modality=TargetModality.AUDIO)


@pytest.fixture
def predictor(model: UnifiedIO, tokenizer: TextTokenizer) -> Predictor:
    return Predictor(model, tokenizer, batch_size=4)


def ids_of(output: ModelOutput) -> list[int]:
    assert output.ids is not None
    return output.ids.tolist()


def test_the_first_has_the_seed_and_the_others_follow_from_it():
    options = DecodingOptions(candidates=4, seed=9, top_p=0.9)
    seeds = [one.seed for one in spread(options, DRAWING)]
    assert seeds[0] == 9
    assert len(set(seeds)) == 4
    assert seeds == [one.seed for one in spread(options, DRAWING)]
    assert seeds[:2] == [one.seed for one in spread(options.model_copy(update={"candidates": 2}), DRAWING)]
    assert {one.candidates for one in spread(options, DRAWING)} == {1}


SPEECH = task("speak").request(text="the red ball")
SPOKEN = replace(SPEECH, prompt="[Audio] [S] A voice that says the red ball")
UNKNOWN = replace(SPEECH, prompt="[Audio] [S] the red ball")
PAINTED = replace(DRAWING, task="image_from_text", prompt="[Image] [S] Draw the red ball.")


@pytest.mark.parametrize(
    ("example", "reading"),
    [
        (DRAWING, "caption"),
        (HUMMING, "audio_caption"),
        (SPEECH, "transcribe"),
        (SPOKEN, "transcribe"),
        (UNKNOWN, "transcribe"),
        (PAINTED, "caption"),
    ],
)
def test_the_one_that_is_read_best_is_kept(predictor: Predictor, example: Example, reading: str):
    options = DecodingOptions(candidates=3, seed=2)
    alone = [predictor.answer([example], one)[0] for one in spread(options, example)]
    scores = []
    for one in alone:
        name, drawn = ("image", one.image) if one.image is not None else ("audio", one.audio)
        question = task(reading).request(predictor.model.config.geometry, **{name: drawn})  # type: ignore[arg-type]
        scores.append(predictor.score(question, ["the red ball"])["the red ball"])
    assert len(set(scores)) > 1
    kept = predictor.answer([example], options)[0]
    assert ids_of(kept) == ids_of(alone[int(np.argmax(scores))])


def test_requests_with_and_without_candidates_go_together(predictor: Predictor):
    options = [DecodingOptions(seed=1), DecodingOptions(seed=2, candidates=2), DecodingOptions(seed=3)]
    together = predictor.answer([DRAWING, HUMMING, DRAWING], options)
    for example, one, output in zip([DRAWING, HUMMING, DRAWING], options, together, strict=True):
        assert ids_of(output) == ids_of(predictor.answer([example], one)[0])


def test_texts_go_beside_candidates(predictor: Predictor):
    text = Example(task="say", prompt="[Text] [S] hello", target_modality=TargetModality.TEXT)
    options = [DecodingOptions(candidates=2), DecodingOptions(temperature=0, max_tokens=4)]
    drawn, said = predictor.answer([DRAWING, text], options)
    assert drawn.image is not None
    assert said.text == predictor.answer([text], options[1])[0].text


def test_without_words_there_is_nothing_to_choose_by(model: UnifiedIO, tokenizer: TextTokenizer):
    outputs = [ModelOutput(image=PICTURE), ModelOutput(image=PICTURE // 2)]
    bare = replace(DRAWING, prompt="[Image] [S]")
    assert keep_best(outputs, bare, model=model, tokenizer=tokenizer) is outputs[0]


def test_a_prompt_with_media_and_texts_have_no_candidates(predictor: Predictor):
    with pytest.raises(
        InputError, match="got candidates=2 for a prompt with media; fix: leave candidates out"
    ):
        predictor.answer([replace(DRAWING, image=PICTURE)], DecodingOptions(candidates=2))
    text = Example(task="say", prompt="[Text] [S] hello", target_modality=TargetModality.TEXT)
    with pytest.raises(InputError, match="candidates are pictures or sounds: got candidates=2 for text"):
        predictor.answer([text], DecodingOptions(candidates=2))


def test_a_free_prompt_with_a_picture_goes_without(predictor: Predictor):
    predictor.defaults = predictor.defaults.model_copy(update={"image": DecodingOptions(candidates=2)})
    assert predictor.generate("make it red", image=PICTURE, output="image").image is not None
