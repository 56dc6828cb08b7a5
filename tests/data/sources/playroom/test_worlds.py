import pytest

from unio.core import ConfigError
from unio.data.sources.playroom import PlayroomSource
from unio.playroom.things import ALL_SHAPES, SHAPES

FULL = PlayroomSource(split="test", size=64, world="full")
FIRST = PlayroomSource(split="test", size=64)


@pytest.mark.parametrize("family", [family for family in FIRST.families() if family != "act"])
def test_every_family_works_in_the_full_world(family: str) -> None:
    example = FULL.example(family, 0, 1)
    assert example.task == family
    targets = (example.target_text, example.target_image, example.target_audio)
    assert sum(target is not None for target in targets) == 1


def test_the_full_world_shows_shapes_that_the_first_lacks() -> None:
    labels = " ".join(FULL.example("detect", 0, index).target_text or "" for index in range(12))
    assert any(shape in labels for shape in ALL_SHAPES if shape not in SHAPES)


def test_an_unknown_world_is_refused() -> None:
    with pytest.raises(ConfigError, match="unknown world: got 'last'; expected one of first, full"):
        PlayroomSource(split="test", world="last")  # type: ignore[arg-type]
