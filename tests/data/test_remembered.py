import numpy as np

from unio.data.remembered import remembered
from unio.schema import Example, TargetModality

PICTURE = np.zeros((4, 4, 3), np.uint8)


def _example(**media: object) -> Example:
    return Example(
        task="vqa",
        prompt="[Text] [S] What is it? <image_input>",
        target_modality=TargetModality.TEXT,
        target_text="a ball",
        **media,  # type: ignore[arg-type]
    )


def test_a_picture_becomes_the_only_frame_of_a_history():
    changed = remembered(_example(image=PICTURE))
    assert changed.prompt == "[Text] [S] What is it? <image_history_1>"
    assert changed.image is None
    assert changed.image_history == (PICTURE,)
    assert changed.target_text == "a ball"


def test_what_has_no_picture_or_a_history_stays():
    for example in (_example(), _example(image=PICTURE, image_history=(PICTURE,))):
        assert remembered(example) is example
