"""Records of talk in free form: about a picture or a sound, or with the wish for one."""

from typing import Any

import numpy as np

from unio.data.sources.playroom import drawn, heard
from unio.data.sources.playroom.views import Setting, still_view
from unio.playroom.language.talk import drawing_wish, edit_wish, picture_talk, sound_talk, sound_wish

__all__ = ["converse_audio_record", "converse_image_record", "converse_record"]

Fields = dict[str, Any]

_OF_SOUNDS = 0.2
_OF_EDITS = 0.4


def converse_record(setting: Setting, rng: np.random.Generator) -> Fields | None:
    """What is said about a picture, in one turn or two, or about a sound, and the answer in sentences."""
    if rng.random() < _OF_SOUNDS:
        told = heard.audio_caption_record(setting, rng)
        if told is None:
            return None
        talk = sound_talk(told["caption"], rng)
        return {"prompt": talk.prompt, "audio": told["audio"], "answer": talk.answer}
    view = still_view(setting)
    talk = picture_talk(view.sight, rng)
    if talk is None:
        return None
    return {"prompt": talk.prompt, "image": view.frame.rgb, "answer": talk.answer}


def converse_image_record(setting: Setting, rng: np.random.Generator) -> Fields | None:
    """A wish for a picture, or for a picture with something changed, and that picture."""
    if rng.random() < _OF_EDITS:
        edit = drawn.edit_record(setting, rng)
        if edit is None:
            return None
        wish = edit_wish(edit["instruction"], rng)
        return {"prompt": wish, "image": edit["image"], "answer": edit["picture"]}
    fields = drawn.from_text_record(setting, rng)
    return {"prompt": drawing_wish(fields["description"], rng), "answer": fields["picture"]}


def converse_audio_record(setting: Setting, rng: np.random.Generator) -> Fields | None:
    """A wish to hear something fall, and its sound."""
    fields = heard.from_text_record(setting, rng)
    if fields is None:
        return None
    return {"prompt": sound_wish(fields["description"], rng), "answer": fields["sound"]}
