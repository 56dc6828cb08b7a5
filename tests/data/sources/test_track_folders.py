import pytest

from unio.core import InputError
from unio.data.sources.track_folders import TrackFolders

CONFIG = TrackFolders(kind="track_folders", boxes="*/groundtruth.txt", history=2, stride=3)


@pytest.fixture
def film(folder):
    for number in range(6):
        folder.picture(f"cat/{number}.png")
    folder.text("cat/groundtruth.txt", "\n".join(["1\t2\t8\t6"] * 6))
    return folder


def test_boxes_of_the_first_and_the_last_frame(film, record):
    made = record(CONFIG.open(film.path), "track")
    assert len(made["image_history"]) == 2
    assert made["box"].tolist() == [2, 1, 8, 9]


def test_faults_are_told(film, record):
    film.text("cat/groundtruth.txt", "\n".join(["0,0,0,0"] * 6))
    with pytest.raises(InputError, match="film cat: the thing is hardly ever in view"):
        record(CONFIG.open(film.path), "track")
    film.text("cat/groundtruth.txt", "1,2,8,6")
    with pytest.raises(InputError, match=r"groundtruth.txt does not fit its pictures: got 1 boxes, 6"):
        record(CONFIG.open(film.path), "track")
    film.text("cat/groundtruth.txt", "\n".join(["40,2,8,6"] * 6))
    with pytest.raises(InputError, match="a box outside its picture"):
        record(CONFIG.open(film.path), "track")
    film.text("cat/groundtruth.txt", "a cat")
    with pytest.raises(InputError, match=r"cannot read groundtruth.txt"):
        record(CONFIG.open(film.path), "track")
    with pytest.raises(InputError, match="the film cat is too short: got 6 pictures; expected more than 8"):
        CONFIG.model_copy(update={"history": 8}).open(film.path)
    with pytest.raises(InputError, match="has no none/"):
        CONFIG.model_copy(update={"boxes": "none/*.txt"}).open(film.path)
