"""`segment_in_box`: the pixels of a class inside a box, and none outside it.

Raw example (fields ``image``, ``box`` y1 x1 y2 x2 in pixels, ``name``, ``mask`` boolean (height, width))::

    box: (0, 0, 60, 128)   name: "ball"   mask: True on the pixels of balls in the upper part

Prompt ``[Image] [S] Segment ball inside <extra_id_200> ... <image_input>``, target a picture, white on what
is asked for and black elsewhere. In ``segment_box`` the box is that of one thing; here it cuts a class.
"""

from unio.data.tasks.inputs import IMAGE, box_input, text_input
from unio.data.tasks.segment_box import SegmentBox

__all__ = ["SegmentInBox"]


class SegmentInBox(SegmentBox):
    """Metric ``iou``: intersection over union."""

    name = "segment_in_box"
    group = "augmented tasks"
    title = "mark the pixels of a class inside a box"
    inputs = (
        IMAGE,
        box_input("y1, x1, y2, x2 in pixels: where to look"),
        text_input("name", "what to mark, such as 'ball'"),
    )
    chance = 0.09
