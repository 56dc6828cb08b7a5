import numpy as np
import pytest

from unio.data.tasks.scoring.colours import Palette

PALETTE = Palette(hues={"red": 0.0, "green": 120.0, "blue": 240.0}, min_saturation=0.5)


def test_asked_colours_must_fill_their_share(answers):
    picture = np.full((4, 4, 3), 200, np.uint8)
    picture[0, 0], picture[0, 1] = (250, 0, 0), (0, 0, 250)
    record = {
        "description": "a red ball and a blue box",
        "picture": picture,
        "colours": ("red", "blue"),
        "palette": PALETTE,
        "min_share": 0.05,
    }
    made = answers("image_from_text", record)
    assert made.example.prompt.startswith("[Image] [S]")
    assert "a red ball and a blue box" in made.example.prompt
    assert made.perfect == {"colours_present": 1.0, "colour_f1": 1.0}
    green = picture.copy()
    green[0, 1] = (0, 250, 0)
    assert made.score(image=green) == pytest.approx({"colours_present": 0.5, "colour_f1": 0.5})
    assert made.score(image=np.full_like(picture, 200))["colours_present"] == 0.0
