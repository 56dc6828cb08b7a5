import numpy as np
import pytest

from unio.core import InputError
from unio.data.denoise import DenoiserConfig, Document
from unio.data.denoise.document import DocumentTarget, choose_part
from unio.schema import Geometry, Picture, TargetModality


def picture(shade: int) -> Picture:
    return np.full((2, 2, 3), shade, dtype=np.uint8)


def chosen(parts: tuple[str | Picture, ...], target: TargetModality, *, seed: int = 0) -> DocumentTarget:
    config = DenoiserConfig(targets={target: 1.0})
    document = Document(name="page", parts=parts)
    return choose_part(document, config=config, geometry=Geometry(), rng=np.random.default_rng(seed))


def test_a_paragraph_is_read_after_what_stands_before_it() -> None:
    found = chosen((" ", picture(1), picture(2), "C"), TargetModality.TEXT)
    assert (found.target, found.material.text) == (TargetModality.TEXT, "C")
    assert found.material.context == "<image_history_1> <image_input>"
    assert [int(one[0, 0, 0]) for one in found.material.image_history] == [1]
    assert found.material.image is not None
    assert found.material.image[0, 0, 0] == 2


def test_a_picture_has_the_pictures_before_it_as_history() -> None:
    drawn = [
        chosen(("A", picture(1), "B", picture(2), "C"), TargetModality.IMAGE, seed=seed) for seed in range(8)
    ]
    contexts = {(one.material.context, len(one.material.image_history)) for one in drawn}
    assert contexts == {("A", 0), ("A <image_history_1> B", 1)}
    assert {one.material.text for one in drawn} == {None}


def test_only_the_nearest_pictures_are_kept() -> None:
    pictures = tuple(picture(shade) for shade in range(7))
    before_text = chosen((*pictures, "end"), TargetModality.TEXT).material
    shades = [int(one[0, 0, 0]) for one in before_text.image_history]
    assert shades == [2, 3, 4, 5], "five, the last of them at full size"
    assert before_text.context.startswith("<image_history_1>")
    assert before_text.context.endswith("<image_input>")
    last = max(
        (chosen(pictures, TargetModality.IMAGE, seed=seed).material for seed in range(20)),
        key=lambda one: int(one.image[0, 0, 0]) if one.image is not None else -1,
    )
    assert [int(one[0, 0, 0]) for one in last.image_history] == [2, 3, 4, 5]


def test_a_document_without_a_possible_target_is_refused() -> None:
    with pytest.raises(InputError, match=r"document 'page' has nothing to predict: got 1 parts"):
        chosen(("text only", "  "), TargetModality.IMAGE)
