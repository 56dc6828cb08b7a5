import pytest

from unio.core import ConfigError
from unio.vocab import ADDED_PIECES, VocabLayout

LLAMA = VocabLayout(base_size=32000)


@pytest.mark.parametrize(
    ("piece", "token_id"),
    [
        ("<extra_id_1199>", 32000),
        ("<extra_id_200>", 32999),
        ("<extra_id_199>", 33000),
        ("<extra_id_0>", 33199),
        ("<image_history_1>", 33200),
        ("<audio_history_1>", 33201),
        ("<image_history_8>", 33214),
        ("<audio_history_8>", 33215),
        ("<image_input>", 33216),
        ("<audio_input>", 33217),
        ("[Text] [S]", 33218),
        ("[Text] [R]", 33219),
        ("[Text] [X]", 33220),
        ("[Image] [S]", 33221),
        ("[Image] [R]", 33222),
        ("[Audio] [S]", 33223),
        ("[Audio] [R]", 33224),
    ],
)
def test_released_ids(piece: str, token_id: int):
    assert LLAMA.piece_id(piece) == token_id


def test_released_sizes():
    assert (LLAMA.pad_id, LLAMA.end_id, LLAMA.unknown_id) == (0, 1, 2)
    assert (LLAMA.size, LLAMA.padded_size) == (33225, 33280)
    assert len(set(ADDED_PIECES)) == 1225


def test_small_base_moves_every_added_id():
    layout = VocabLayout(base_size=1024)
    assert (layout.size, layout.padded_size) == (2249, 2304)
    assert (layout.location_start, layout.location_end) == (1024, 2024)
    assert (layout.sentinel_start, layout.sentinel_end) == (2024, 2224)
    assert layout.piece_id("[Audio] [R]") == 2248


def test_location_bins_are_reversed():
    assert [LLAMA.location_id(place) for place in (0, 1, 999)] == [32999, 32998, 32000]
    assert [LLAMA.bin_of(token_id) for token_id in (32999, 32000, 31999, 33000)] == [0, 999, None, None]


def test_sentinels_are_reversed():
    assert [LLAMA.sentinel_id(number) for number in (0, 199)] == [33199, 33000]


def test_layouts_of_one_size_are_equal():
    used = VocabLayout(base_size=32000)
    used.piece_id("<image_input>")
    assert used == LLAMA


def test_wrong_names_and_numbers_are_refused():
    with pytest.raises(ConfigError, match="no such location bin: got 1000; expected 0 to 999"):
        LLAMA.location_id(1000)
    with pytest.raises(ConfigError, match="no such span sentinel: got -1; expected 0 to 199"):
        LLAMA.sentinel_id(-1)
    with pytest.raises(ConfigError, match="no such added piece: got '<video_input>'"):
        LLAMA.piece_id("<video_input>")
    with pytest.raises(ConfigError, match="text vocabulary too small: got 2"):
        VocabLayout(base_size=2)
