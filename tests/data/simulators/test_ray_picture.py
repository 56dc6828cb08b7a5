import sys

import numpy as np
import pytest

from unio.core import MissingExtraError
from unio.data.simulators.ray_picture import Eye, ray_picture

mujoco = pytest.importorskip("mujoco")

MODEL = """
<mujoco>
  <asset><material name="green" rgba="0 1 0 1"/></asset>
  <worldbody>
    <geom type="box" size=".2 .2 .2" pos="0 0 0" rgba="1 0 0 1"/>
    <geom type="box" size=".2 .2 .2" pos="1 0 0" material="green"/>
    <geom type="box" size=".2 .2 .2" pos="-1 0 0" rgba="0 0 1 1" group="3"/>
  </worldbody>
</mujoco>
"""


def test_geoms_and_materials_are_seen_where_they_are():
    model = mujoco.MjModel.from_xml_string(MODEL)
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    eye = Eye(position=(0.0, -3.0, 0.0), target=(0.0, 0.0, 0.0), field_of_view=60)
    picture = ray_picture(model, data, eye, size=9).astype(int)
    assert picture[4, 4].argmax() == 0
    assert picture[4, 7].argmax() == 1
    assert len(set(picture[4, 1].tolist())) == 1, "collision shapes are not seen"
    assert picture[0, 0].tolist() == [217, 217, 217]


def test_rays_go_through_the_pixels():
    eye = Eye(position=(0.0, 0.0, 0.0), target=(0.0, 5.0, 0.0), field_of_view=90)
    rays = eye.rays(2)
    assert np.linalg.norm(rays, axis=1) == pytest.approx(np.ones(4))
    assert np.sign(rays).tolist() == [[-1, 1, 1], [1, 1, 1], [-1, 1, -1], [1, 1, -1]]


def test_without_mujoco_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "mujoco", None)
    eye = Eye(position=(0.0, 0.0, 0.0), target=(0.0, 5.0, 0.0))
    with pytest.raises(MissingExtraError, match=r"unio\[playroom\]"):
        ray_picture(None, None, eye, size=2)
