from dataclasses import dataclass, replace

import numpy as np

from unio.data.denoise import Document, ExampleMaterials, Material, document_of, material_of
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


TALK = Example(
    task="converse",
    prompt="[Text] [S] A cat. <image_history_1> A dog. <image_input>",
    target_modality=TargetModality.TEXT,
    image_history=(picture(1),),
    image=picture(2),
    target_text="It barks.",
)


def shades(document: Document) -> list[object]:
    return [part if isinstance(part, str) else int(part[0, 0, 0]) for part in document.parts]


def test_talk_with_pictures_is_a_document() -> None:
    found = document_of(TALK)
    assert found is not None
    assert shades(found) == ["A cat.", 1, "A dog.", 2, "It barks."]
    drawn = document_of(
        replace(TALK, task="obelics/converse_image", target_text=None, target_image=picture(9))
    )
    assert drawn is not None
    assert shades(drawn) == ["A cat.", 1, "A dog.", 2, 9]


def test_other_examples_are_no_documents() -> None:
    sound = Waveform(samples=np.zeros(8, np.float32), rate=16000)
    assert document_of(replace(TALK, task="vqa")) is None
    assert document_of(replace(TALK, audio=sound)) is None
    assert document_of(replace(TALK, image=None, image_history=(), prompt="[Text] [S] Hello.")) is None


@dataclass(frozen=True)
class OneExample:
    task: str

    def example(self, task: str, seed: int, index: int) -> Example:
        return replace(TALK, task=self.task)


def test_a_source_gives_documents_where_they_are() -> None:
    for task, kind in (("converse", Document), ("caption", Material)):
        assert isinstance(ExampleMaterials(source=OneExample(task)).material(task, 0, 0), kind)
