import numpy as np
import pytest

from unio.core import InputError
from unio.data.tasks import task
from unio.vocab import parse_locations


def test_the_prompt_holds_the_box_in_the_padded_square(wide, answers):
    record = {"image": wide, "box": np.array([0.0, 10.0, 20.0, 20.0]), "label": "red ball"}
    made = answers("region_class", record)
    assert parse_locations(made.example.prompt) == pytest.approx([0.25, 0.25, 0.75, 0.5], abs=1 / 999)
    assert made.perfect == {"accuracy": 1.0, "word_f1": 1.0}
    assert made.score(text="blue ball") == {"accuracy": 0.0, "word_f1": 0.5}


def test_a_users_box_is_checked_and_told_the_same_way(wide):
    example = task("region_class").request(image=wide, box=(0, 10, 20, 20))
    assert parse_locations(example.prompt) == pytest.approx([0.25, 0.25, 0.75, 0.5], abs=1 / 999)
    with pytest.raises(InputError, match="box outside the picture"):
        task("region_class").request(image=wide, box=(0, 10, 20, 41))
