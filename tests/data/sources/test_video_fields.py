import pytest

from unio.data.sources import video_fields as module
from unio.data.sources.table import table_reader
from unio.data.sources.video_fields import listens


@pytest.mark.parametrize(
    ("task", "answer"),
    [
        ("video_caption", True),
        ("video_class", True),
        ("track", False),
        ("video_sound", False),
        ("vqa", False),
    ],
)
def test_families_that_hear_their_videos(task, answer):
    assert listens(task) is answer


def test_a_family_that_is_not_registered_hears_nothing():
    assert not listens("none_such")


@pytest.mark.parametrize(("task", "is_heard"), [("video_caption", True), ("track", False)])
def test_the_sound_of_a_silent_family_is_not_decoded(tmp_path, monkeypatch, task, is_heard):
    asked = []

    def fields(source, *, rng, with_sound):
        asked.append(with_sound)
        return {"image": None, "image_history": ()}

    monkeypatch.setattr(module, "video_fields", fields)
    reader = table_reader([{"clip": b"mp4"}], {task: {"video": "clip"}}, name="t", folder=tmp_path, place=str)
    reader.shelf(task).record(0, None)
    assert asked == [is_heard]
