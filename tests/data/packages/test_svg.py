import sys

import pytest
from data.packages.packed import DRAWING

from unio.core import InputError, MissingExtraError
from unio.data.packages.svg import render_svg
from unio.media import load_image


def test_a_drawing_becomes_pixels():
    pytest.importorskip("resvg_py", reason="the extra openmoji")
    picture = load_image(render_svg(DRAWING, width=8, name="a.svg"))
    assert picture[[0, 7], 3].tolist() == [[255, 0, 0], [255, 255, 255]]


@pytest.mark.parametrize(
    ("drawing", "message"),
    [
        (b"<svg", r"cannot render a\.svg: .*expected an SVG picture"),
        (b"\xff", r"cannot render a\.svg: got 'utf-8' codec"),
        (b'<svg><image xlink:href="/etc/passwd"/></svg>', r"cannot render a\.svg: got it refers to another"),
    ],
)
def test_what_cannot_be_rendered_is_told(drawing, message):
    pytest.importorskip("resvg_py", reason="the extra openmoji")
    with pytest.raises(InputError, match=message):
        render_svg(drawing, width=8, name="a.svg")


def test_the_renderer_is_an_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(MissingExtraError, match=r"'resvg-py' is not installed: fix: .*unio\[openmoji\]"):
        render_svg(DRAWING, width=8, name="a.svg")
