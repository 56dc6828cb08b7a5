import numpy as np
import pytest

from unio.data.denoise.config import SpanSetting, TextDenoising
from unio.data.denoise.text import TextRoom, continue_prefix, draw_spans, window
from unio.schema import Paradigm
from unio.vocab import VocabLayout

LAYOUT = VocabLayout(base_size=100)
IDS = tuple(range(10, 50))
WIDE = TextRoom(inputs=60, targets=60)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_a_prefix_has_the_share_asked_for_and_the_rest_is_the_target() -> None:
    config = TextDenoising(prefix=(0.25, 0.25))
    found = continue_prefix(IDS, config=config, room=WIDE, may_be_whole=False, rng=rng())
    assert found.inputs == IDS[:10]
    assert found.targets == IDS[10:]


def test_a_target_keeps_a_token_even_after_the_longest_prefix() -> None:
    config = TextDenoising(prefix=(1.0, 1.0))
    found = continue_prefix(IDS, config=config, room=WIDE, may_be_whole=False, rng=rng())
    assert found.targets == IDS[-1:]


def test_a_text_may_be_whole_only_where_something_tells_what_to_write() -> None:
    config = TextDenoising(whole=1.0)
    whole = continue_prefix(IDS, config=config, room=WIDE, may_be_whole=True, rng=rng())
    assert (whole.inputs, whole.targets) == ((), IDS)
    begun = continue_prefix(IDS, config=config, room=WIDE, may_be_whole=False, rng=rng())
    assert len(begun.inputs) >= 10


@pytest.mark.parametrize("seed", range(12))
def test_neither_side_gets_more_than_its_room(seed: int) -> None:
    room = TextRoom(inputs=9, targets=7)
    found = continue_prefix(IDS, config=TextDenoising(), room=room, may_be_whole=seed % 2 == 0, rng=rng(seed))
    assert len(found.inputs) <= 9
    assert 1 <= len(found.targets) <= 7
    for paradigm in (Paradigm.REGULAR, Paradigm.EXTREME):
        found = draw_spans(
            IDS, paradigm=paradigm, config=TextDenoising(), room=room, layout=LAYOUT, rng=rng(seed)
        )
        assert len(found.inputs) <= 9
        assert 2 <= len(found.targets) <= 7


def test_paradigms_use_their_own_settings() -> None:
    config = TextDenoising(
        regular_spans=(SpanSetting(mean_length=3, density=0.15),),
        extreme_spans=(SpanSetting(mean_length=64, density=0.5),),
    )
    regular, extreme = (
        draw_spans(IDS, paradigm=paradigm, config=config, room=WIDE, layout=LAYOUT, rng=rng())
        for paradigm in (Paradigm.REGULAR, Paradigm.EXTREME)
    )
    assert len(regular.targets) == 6 + 2
    assert len(extreme.targets) == 20 + 1


def test_a_window_is_a_run_of_neighbours() -> None:
    found = window(IDS, 5, rng(3))
    assert len(found) == 5
    assert list(found) == list(range(found[0], found[0] + 5))
    assert window(IDS, 100, rng()) == IDS
