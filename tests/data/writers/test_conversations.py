import numpy as np
import pytest

from unio.core import ConfigError
from unio.data.sources.conversations import find_problems
from unio.data.writers import WRITTEN_FAMILIES, ConversationShards

COUNT = 3


@pytest.fixture(scope="module")
def lines(written, source):
    return written(ConversationShards(source=source), count=COUNT, per_shard=2)


def same(made, true):
    if hasattr(true, "samples"):
        return np.abs(made.samples - np.clip(true.samples, -1, 1)).max() < 1e-4
    return np.array_equal(made, true) if isinstance(true, np.ndarray) else made == true


@pytest.mark.parametrize("family", WRITTEN_FAMILIES)
def test_a_family_comes_back_to_the_same_records(lines, source, record, family):
    _, reader = lines
    assert reader.count(family) == COUNT
    for number in range(COUNT):
        true, made = source.record(family, 0, number), record(reader, family, number)
        shared = made.keys() & true.keys() - {"colours", "palette", "min_share", "judge", "facts", "words"}
        shared -= {"label"} if family == "audio_from_text" else set()
        assert len(shared) >= 2
        for name in shared:
            assert same(made[name], true[name]), (family, number, name)


def test_every_line_can_be_used(lines):
    folder, _ = lines
    for path in sorted((folder / "lines").iterdir()):
        assert list(find_problems(path, media=folder)) == []


def test_a_picture_is_written_once(lines):
    folder, _ = lines
    assert len(list((folder / "lines").iterdir())) == 2
    # Seven families look at the scene itself; drawings and edits bring pictures of their own.
    pictures = list((folder / "media").rglob("*.png"))
    assert COUNT <= len(pictures) <= 4 * COUNT


def test_families_that_cannot_be_written_are_refused(source):
    with pytest.raises(ConfigError, match="no line can be written for this family: got depth"):
        ConversationShards(source=source, families=("depth",))
