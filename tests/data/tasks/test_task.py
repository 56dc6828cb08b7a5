import numpy as np
import pytest

from unio.core import ConfigError, InputError
from unio.data.tasks import TASKS, compose_prompt, task
from unio.data.tasks.inputs import AUDIO, IMAGE
from unio.schema import TargetModality


def test_the_prompt_has_prefix_phrase_and_media_in_time_order():
    prompt = compose_prompt("Go on.", output=TargetModality.IMAGE, image_history=2, image=True, audio=True)
    assert prompt == ("[Image] [S] Go on. <image_history_1> <image_history_2> <image_input> <audio_input>")


def test_a_text_only_prompt_has_no_pieces():
    assert compose_prompt("2 + 2 =", output=TargetModality.TEXT) == "[Text] [S] 2 + 2 ="


def test_examples_carry_media_target_and_truth(wide):
    record = {"image": wide, "question": "How many?", "answer": "2", "kind": "count"}
    example = task("vqa").example(record, np.random.default_rng(3))
    assert example.prompt.startswith("[Text] [S] ")
    assert "How many?" in example.prompt
    assert example.prompt.endswith(" <image_input>")
    assert (example.task, example.target_text, example.target_modality) == ("vqa", "2", TargetModality.TEXT)
    assert example.truth == {"answer": "2", "kind": "count"}
    assert example.image is wide


def test_examples_are_pure_in_the_stream(wide):
    record = {"image": wide, "question": "How many?", "answer": "2"}
    first, again = (task("vqa").example(record, np.random.default_rng(5)).prompt for _ in range(2))
    assert first == again
    assert len({task("vqa").example(record, np.random.default_rng(s)).prompt for s in range(40)}) >= 8


def test_a_record_without_a_field_is_told(wide):
    with pytest.raises(InputError, match="record without the field 'answer': got image, question; fix: see"):
        task("vqa").example({"image": wide, "question": "How many?"}, np.random.default_rng(0))


def test_requests_use_the_first_phrasing_and_have_no_target(wide):
    example = task("vqa").request(image=wide, text="How many?")
    assert example.prompt == "[Text] [S] How many? <image_input>"
    assert (example.target_text, example.target_image, example.target_audio) == (None, None, None)
    assert example.truth == {}


def test_requests_refuse_what_the_task_does_not_take(wide):
    with pytest.raises(InputError, match="'depth' has no input 'text'"):
        task("depth").request(image=wide, text="near")


def test_an_unknown_task_names_its_nearest():
    with pytest.raises(ConfigError, match=r"unknown task: got 'segmant'; expected one of segment"):
        task("segmant")


@pytest.mark.parametrize("family", list(TASKS), ids=TASKS.names())
def test_every_family_is_described(family):
    assert family.title
    assert family.group
    assert family.metric
    assert family.chance >= 0
    assert len({spec.name for spec in family.inputs}) == len(family.inputs)
    if family.output is TargetModality.TEXT:
        assert family.decoding.max_tokens is not None
        assert family.decoding.max_tokens <= 512


@pytest.mark.parametrize("name", [one.name for one in TASKS if one.reader is not None])
def test_a_reader_tells_in_words_what_it_takes_in_alone(name):
    asked = TASKS.get(name)
    reader = TASKS.get(asked.reader)
    assert reader.inputs == {TargetModality.IMAGE: (IMAGE,), TargetModality.AUDIO: (AUDIO,)}[asked.output]
    assert reader.output is TargetModality.TEXT
