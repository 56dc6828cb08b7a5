import numpy as np


def test_an_edit_must_be_made_and_the_rest_be_kept(answers):
    before = np.full((10, 10, 3), 100, np.uint8)
    after = before.copy()
    after[:3, :3] = 220
    made = answers("image_edit", {"image": before, "instruction": "make it bright", "picture": after})
    assert made.perfect == {"success": 1.0, "edited": 1.0, "kept": 1.0}
    assert made.score(image=before) == {"success": 0.0, "edited": 0.0, "kept": 1.0}
    assert made.score(image=np.full_like(before, 220)) == {"success": 0.0, "edited": 1.0, "kept": 0.0}
    half = before.copy()
    half[:3, :1] = 220
    assert made.score(image=half)["success"] == 0.0
