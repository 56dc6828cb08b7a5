"""Every task family, one file each, registered by name.

Example::

    task("vqa").request(image="desk.jpg", text="What colour is the cup?")  # an `Example` without target
"""

from unio.core import Registry
from unio.data.tasks.act import Act
from unio.data.tasks.action_localise import ActionLocalise
from unio.data.tasks.arithmetic import Arithmetic
from unio.data.tasks.audio_caption import AudioCaption
from unio.data.tasks.audio_from_text import AudioFromText
from unio.data.tasks.audio_tag import AudioTag
from unio.data.tasks.bounded_caption import BoundedCaption
from unio.data.tasks.box_property import BoxProperty
from unio.data.tasks.camera_pose import CameraPose
from unio.data.tasks.caption import Caption
from unio.data.tasks.choose import Choose
from unio.data.tasks.classify import Classify
from unio.data.tasks.continue_text import ContinueText
from unio.data.tasks.controllable_image import ControllableImage
from unio.data.tasks.converse import Converse, ConverseAudio, ConverseImage
from unio.data.tasks.count_hits import CountHits
from unio.data.tasks.cuboid import CuboidTask
from unio.data.tasks.depth import Depth
from unio.data.tasks.detect import Detect
from unio.data.tasks.goal_image import GoalImage
from unio.data.tasks.image_edit import ImageEdit
from unio.data.tasks.image_from_segmentation import ImageFromSegmentation
from unio.data.tasks.image_from_text import ImageFromText
from unio.data.tasks.image_pair_difference import ImagePairDifference
from unio.data.tasks.image_pair_vqa import ImagePairQuestion
from unio.data.tasks.inpaint import Inpaint
from unio.data.tasks.inputs import InputSpec
from unio.data.tasks.instruct import Instruct
from unio.data.tasks.keypoints import Keypoints
from unio.data.tasks.localise import Localise
from unio.data.tasks.manipulate import Manipulate
from unio.data.tasks.navigate import Navigate
from unio.data.tasks.next_frame import NextFrame
from unio.data.tasks.next_state import NextState
from unio.data.tasks.normal_at import NormalAt
from unio.data.tasks.normal_axes import NormalAxes
from unio.data.tasks.normals import Normals
from unio.data.tasks.optical_flow import OpticalFlow
from unio.data.tasks.pick_place import PickPlace
from unio.data.tasks.point import Point
from unio.data.tasks.refer import Refer
from unio.data.tasks.refer_many import ReferMany
from unio.data.tasks.region_caption import RegionCaption
from unio.data.tasks.region_class import RegionClass
from unio.data.tasks.relations import Relations
from unio.data.tasks.robot_vqa import RobotQuestion
from unio.data.tasks.segment import Segment
from unio.data.tasks.segment_box import SegmentBox
from unio.data.tasks.segment_in_box import SegmentInBox
from unio.data.tasks.segment_many import SegmentMany
from unio.data.tasks.segment_refer import SegmentRefer
from unio.data.tasks.sort import Sort
from unio.data.tasks.sound_localise import SoundLocalise
from unio.data.tasks.speak import Speak
from unio.data.tasks.tag import Tag
from unio.data.tasks.task import UNCONDITIONAL, Answer, Task, compose_prompt
from unio.data.tasks.track import Track
from unio.data.tasks.transcribe import Transcribe
from unio.data.tasks.video_caption import VideoCaption
from unio.data.tasks.video_class import VideoClass
from unio.data.tasks.video_sound import VideoSound
from unio.data.tasks.video_vqa import VideoQuestion
from unio.data.tasks.view_synthesis import ViewSynthesis
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
    ViewSynthesis(),
    Inpaint(),
    ControllableImage(),
    VideoSound(),
    Speak(),
    Classify(),
    RegionCaption(),
    ImagePairDifference(),
    ImagePairQuestion(),
    Localise(),
    Point(),
    Keypoints(),
    CuboidTask(),
    SegmentBox(),
    SegmentRefer(),
    OpticalFlow(),
    Transcribe(),
    VideoCaption(),
    VideoQuestion(),
    VideoClass(),
    Track(),
    Navigate(),
    PickPlace(),
    Manipulate(),
    GoalImage(),
    Instruct(),
    Choose(),
    Converse(),
    ConverseImage(),
    ConverseAudio(),
    ActionLocalise(),
    SoundLocalise(),
    CountHits(),
    RobotQuestion(),
    NextState(),
    ContinueText(),
    SegmentMany(),
    SegmentInBox(),
    BoxProperty(),
    ReferMany(),
    Relations(),
    BoundedCaption(),
    NormalAxes(),
    NormalAt(),
):
    TASKS.register(_family.name, _family)


def task(name: str) -> Task:
    """The family called ``name``. Raises ``ConfigError`` naming the nearest ones."""
    return TASKS.get(name)
