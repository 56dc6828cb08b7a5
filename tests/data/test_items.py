import numpy as np
import pytest
from synthetic import GEOMETRY, LetterTokenizer, SyntheticSource

from unio.core import InputError
from unio.data.items import SUBSTITUTE_STRIDE, ItemShare, MixedItems, TaskItems, make_item
from unio.data.mixture import Mixture
from unio.data.shaping import Shaping


def tasks(task: str = "name", *, broken_of_100: int = 0, **changes: object) -> TaskItems:
    return TaskItems(
        source=SyntheticSource(broken_of_100),
        mixture=Mixture(weights={task: 1}),
        tokenizer=LetterTokenizer(),
        geometry=GEOMETRY,
        seed=11,
        **changes,  # type: ignore[arg-type]
    )


def test_an_item_is_a_function_of_its_index() -> None:
    items = tasks()
    first, again, other = items.make(3), items.make(3), items.make(4)
    np.testing.assert_array_equal(first.text, again.text)
    assert first.image is not None
    assert again.image is not None
    np.testing.assert_array_equal(first.image.patches, again.image.patches)
    assert other.image is not None
    assert first.task == items.name(3) == "name"


def test_prompts_of_guided_tasks_are_now_and_then_empty() -> None:
    prompts = {
        len(tasks("paint", shaping=Shaping(unconditional=0.5, guided=frozenset({"paint"}))).make(i).text)
        for i in range(20)
    }
    assert max(prompts) == GEOMETRY.text_length, "'[Image] [S] An image of a random picture.', cut"
    assert min(prompts) < 8


def test_some_pictures_come_as_a_history() -> None:
    assert all(tasks().make(i).image is not None for i in range(4))
    made = [tasks(shaping=Shaping(remembered=0.5)).make(i) for i in range(40)]
    as_history = [one for one in made if one.image_history is not None]
    assert 10 < len(as_history) < 30
    assert all(one.image is None for one in as_history)


def test_mixed_items_follow_their_weights() -> None:
    mixed = MixedItems(
        shares=(ItemShare(items=tasks("name"), weight=3), ItemShare(items=tasks("hum"), weight=1)), seed=2
    )
    names = [mixed.name(index) for index in range(200)]
    assert 2 < names.count("name") / names.count("hum") < 4.5
    assert mixed.make(0).task == names[0]


def test_an_empty_mixture_of_items_is_refused() -> None:
    for shares in ((), (ItemShare(items=tasks(), weight=0),)):
        with pytest.raises(InputError, match="the mixture of items is empty"):
            MixedItems(shares=shares, seed=0)


def test_a_broken_item_is_replaced_and_told() -> None:
    made = make_item(tasks(broken_of_100=2), 1)
    assert [(item.task, item.index) for item in made.broken] == [("name", 1)]
    np.testing.assert_array_equal(made.features.text, tasks(broken_of_100=2).make(1 + SUBSTITUTE_STRIDE).text)


def test_nothing_but_broken_items_stops() -> None:
    with pytest.raises(InputError, match=r"8 examples in a row are broken.*no such picture.*leave it out"):
        make_item(tasks(broken_of_100=100), 0)
