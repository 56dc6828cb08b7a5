"""The playroom's grammar: many ways to say what is true of a scene, a sound, an edit or a push.

Example::

    sight = Sight.of(scene, frame)
    caption(sight, rng)                 # "There is a red ball and a large blue box."
    question(sight, rng).text           # "What colour is the ball?"
"""

from unio.playroom.language.captions import caption, description
from unio.playroom.language.instructions import EDIT_KINDS, Instruction, edit_instruction
from unio.playroom.language.pushes import push_instruction
from unio.playroom.language.questions import QUESTION_KINDS, Question, question
from unio.playroom.language.referring import Reference, referring
from unio.playroom.language.sight import RELATIONS, Seen, Sight
from unio.playroom.language.sounds import (
    SOUND_WORDS,
    HeardFall,
    heard_fall,
    sound_caption,
    sound_description,
    sound_tags,
)
from unio.playroom.language.tags import tags

__all__ = [
    "EDIT_KINDS",
    "QUESTION_KINDS",
    "RELATIONS",
    "SOUND_WORDS",
    "HeardFall",
    "Instruction",
    "Question",
    "Reference",
    "Seen",
    "Sight",
    "caption",
    "description",
    "edit_instruction",
    "heard_fall",
    "push_instruction",
    "question",
    "referring",
    "sound_caption",
    "sound_description",
    "sound_tags",
    "tags",
]
