import numpy as np

from unio.data.denoise import material_of
from unio.schema import Example, Picture, TargetModality, Waveform


def picture(shade: int) -> Picture:
    return np.full((4, 4, 3), shade, dtype=np.uint8)


def test_prompt_and_text_target_are_one_text() -> None:
    found = material_of(
        Example(
            task="caption",
            prompt="[Text] [S] Describe the picture. <image_input>",
            target_modality=TargetModality.TEXT,
            image=picture(1),
            target_text="A red ball.",
        )
    )
    assert (found.name, found.text) == ("caption", "Describe the picture. A red ball.")
    assert found.image is not None
    assert found.image_history == ()


def test_a_picture_target_is_the_last_of_the_pictures() -> None:
    found = material_of(
        Example(
            task="next_frame",
            prompt="[Image] [S] What next? <image_history_1> <image_input>",
            target_modality=TargetModality.IMAGE,
            image_history=(picture(1),),
            image=picture(2),
            target_image=picture(3),
        )
    )
    assert found.text == "What next?"
    assert [int(one[0, 0, 0]) for one in found.image_history] == [1, 2]
    assert found.image is not None
    assert found.image[0, 0, 0] == 3


def test_sounds_likewise_and_what_is_missing_stays_missing() -> None:
    first, second = (Waveform(samples=np.full(8, value, np.float32), rate=16000) for value in (0.1, 0.2))
    found = material_of(
        Example(
            task="next_sound",
            prompt="[Audio] [S] <audio_input>",
            target_modality=TargetModality.AUDIO,
            audio=first,
            target_audio=second,
        )
    )
    assert (found.text, found.image) == (None, None)
    assert found.audio_history == (first,)
    assert found.audio is second
