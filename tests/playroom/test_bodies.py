import sys

import numpy as np
import pytest

from unio.core import MissingExtraError
from unio.playroom.bodies import compile_model, load_mujoco, nominal_mass
from unio.playroom.simulator import Simulator
from unio.playroom.things import Thing


def test_missing_mujoco_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mujoco", None)
    with pytest.raises(
        MissingExtraError, match=r"'mujoco' is not installed: fix: pip install 'unio\[playroom\]'"
    ):
        load_mujoco()


def test_model_is_built_once_for_the_same_parts() -> None:
    parts = (("ball", "small", "wood"), ("cone", "large", "glass"))
    assert compile_model(parts, False) is compile_model(parts, False)  # type: ignore
    assert compile_model(parts, False) is not compile_model(parts, True)  # type: ignore


def test_balls_weigh_what_they_should() -> None:
    things = [
        Thing(shape="ball", colour="red", material="metal", size=size, position=(0, 0, 0))
        for size in ("small", "large")
    ]
    expected = [nominal_mass("metal", "small"), nominal_mass("metal", "large")]
    np.testing.assert_allclose(Simulator(things).masses, expected)
