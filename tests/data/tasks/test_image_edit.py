import numpy as np


def pictures() -> tuple[np.ndarray, np.ndarray]:
    before = np.full((32, 32, 3), 100, np.uint8)
    after = before.copy()
    after[:8, :8] = 220, 20, 20
    return before, after


def test_an_edit_must_be_made_and_little_else(answers):
    before, after = pictures()
    made = answers("image_edit", {"image": before, "instruction": "make it red", "picture": after})
    assert made.perfect == {"success": 1.0, "edited": 1.0, "spoilt": 0.0}
    assert made.score(image=before) == {"success": 0.0, "edited": 0.0, "spoilt": 0.0}
    everywhere = made.score(image=np.full_like(before, (220, 20, 20)))
    assert everywhere["success"] == 0.0
    assert everywhere["spoilt"] > 10
    half = before.copy()
    half[:8, :3] = 220, 20, 20
    assert made.score(image=half)["success"] == 0.0


def test_another_colour_is_no_edit(answers):
    before, after = pictures()
    made = answers("image_edit", {"image": before, "instruction": "make it red", "picture": after})
    other = before.copy()
    other[:8, :8] = 200, 100, 40  # nearer to red than to grey, and still orange
    assert made.score(image=other)["success"] == 0.0


def test_another_thing_must_not_change(answers):
    before, after = pictures()
    made = answers("image_edit", {"image": before, "instruction": "make it red", "picture": after})
    besides = after.copy()
    besides[24:, 24:] = 20, 20, 220
    assert made.score(image=besides)["success"] == 0.0
    besides[:] = after
    besides[30:, 30:] = 20, 20, 220  # a speck
    assert made.score(image=besides)["success"] == 1.0


def test_the_grain_of_a_codec_does_not_count(answers):
    before, after = pictures()
    made = answers("image_edit", {"image": before, "instruction": "make it red", "picture": after})
    noise = np.random.default_rng(0).integers(-40, 41, after.shape)
    assert made.score(image=np.clip(after + noise, 0, 255).astype(np.uint8))["success"] == 1.0
