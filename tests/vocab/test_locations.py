import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unio.core import InputError
from unio.vocab import (
    LabelledLocations,
    VocabLayout,
    labelled_locations,
    location_bin,
    location_text,
    locations_text,
    parse_locations,
)


def test_bin_is_the_floor_of_999_values():
    assert [location_bin(value) for value in (0.0, 0.5, 1 / 3, 0.9999, 1.0)] == [0, 499, 333, 998, 999]


def test_pieces_are_numbered_from_200():
    assert location_text(0.0) == "<extra_id_200>"
    assert locations_text([0.0, 0.5, 1.0]) == "<extra_id_200> <extra_id_699> <extra_id_1199>"


def test_piece_and_id_name_the_same_bin():
    layout = VocabLayout(base_size=32000)
    for value in (0.0, 0.25, 1.0):
        assert layout.piece_id(location_text(value)) == layout.location_id(location_bin(value))


@pytest.mark.parametrize("kind", [float, np.float32])
def test_reading_then_writing_is_the_identity(kind: type):
    for place in range(1000):
        (value,) = parse_locations(f"<extra_id_{200 + place}>")
        assert location_bin(float(kind(value))) == place


@given(st.floats(0, 1))
def test_reading_back_is_within_a_bin(value: float):
    (read,) = parse_locations(location_text(value))
    assert abs(read - value) <= 1 / 999 + 1e-6


@pytest.mark.parametrize("value", [-0.01, 1.01, float("nan"), float("inf")])
def test_values_outside_are_refused(value: float):
    with pytest.raises(InputError, match=f"location outside the unit interval: got {value}"):
        location_text(value)


def test_rounding_at_the_ends_is_forgiven():
    assert [location_bin(-1e-7), location_bin(1 + 1e-7)] == [0, 999]


def test_only_locations_are_read():
    text = "a <extra_id_199> <extra_id_200>,<extra_id_1199> <extra_id_1200> <extra_id_0> <image_input>"
    assert parse_locations(text) == [0.0, 1.0]


def test_labels_follow_their_locations():
    assert labelled_locations("boxes: <extra_id_200> <extra_id_1199> red  ball <extra_id_200> cube") == [
        LabelledLocations(values=(0.0, 1.0), label="red ball"),
        LabelledLocations(values=(0.0,), label="cube"),
    ]
    assert labelled_locations("<extra_id_200> <extra_id_200>") == [
        LabelledLocations(values=(0.0, 0.0), label="")
    ]
    assert labelled_locations("nothing here") == []
