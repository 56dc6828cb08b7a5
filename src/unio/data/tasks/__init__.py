"""Every task family, one file each, registered by name.

Example::

    task("vqa").request(image="desk.jpg", text="What colour is the cup?")  # an `Example` without target
"""

from unio.core import Registry
from unio.data.tasks.act import Act
from unio.data.tasks.arithmetic import Arithmetic
from unio.data.tasks.audio_caption import AudioCaption
from unio.data.tasks.audio_from_text import AudioFromText
from unio.data.tasks.audio_tag import AudioTag
from unio.data.tasks.camera_pose import CameraPose
from unio.data.tasks.caption import Caption
from unio.data.tasks.converse import Converse, ConverseAudio, ConverseImage
from unio.data.tasks.depth import Depth
from unio.data.tasks.detect import Detect
from unio.data.tasks.image_edit import ImageEdit
from unio.data.tasks.image_from_segmentation import ImageFromSegmentation
from unio.data.tasks.image_from_text import ImageFromText
from unio.data.tasks.inputs import InputSpec
from unio.data.tasks.next_frame import NextFrame
from unio.data.tasks.normals import Normals
from unio.data.tasks.refer import Refer
from unio.data.tasks.region_class import RegionClass
from unio.data.tasks.segment import Segment
from unio.data.tasks.sort import Sort
from unio.data.tasks.tag import Tag
from unio.data.tasks.task import UNCONDITIONAL, Answer, Task, compose_prompt
from unio.data.tasks.vqa import VisualQuestion

__all__ = ["TASKS", "UNCONDITIONAL", "Answer", "InputSpec", "Task", "compose_prompt", "task"]

TASKS: Registry[Task] = Registry("task")
"""All families, in the order in which tables list them."""

for _family in (
    ImageFromText(),
    ImageFromSegmentation(),
    ImageEdit(),
    NextFrame(),
    AudioFromText(),
    Caption(),
    VisualQuestion(),
    Tag(),
    RegionClass(),
    Detect(),
    Refer(),
    CameraPose(),
    Segment(),
    Depth(),
    Normals(),
    AudioTag(),
    AudioCaption(),
    Act(),
    Arithmetic(),
    Sort(),
    Converse(),
    ConverseImage(),
    ConverseAudio(),
):
    TASKS.register(_family.name, _family)


def task(name: str) -> Task:
    """The family called ``name``. Raises ``ConfigError`` naming the nearest ones."""
    return TASKS.get(name)
