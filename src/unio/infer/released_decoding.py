"""How the released models are decoded where they want it otherwise than the families say (spec section 14).

A family's own decoding is that of unio-nano, which was tuned by its scores. The released models were
tuned otherwise: pictures and sounds are always drawn at temperature 1, guidance is strong, and a text, such
as the boxes of a street full of people, may be as long as it wants to be.
"""

from unio.data.tasks import TASKS, Task
from unio.infer.generation_defaults import GenerationDefaults
from unio.schema import DecodingOptions, TargetModality

__all__ = ["released_decoding", "released_defaults"]

GUIDANCE = 10.0
TOP_P = 0.95
SEGMENTATION_TOP_P = 0.97
SEGMENTATION = frozenset({"segment", "segment_box", "segment_refer"})
GUIDED = frozenset({"image_from_text", "audio_from_text", "video_sound"})


def released_decoding(family: Task) -> DecodingOptions:
    """How a released model does ``family``: texts as the family says but for their length, codes by the spec.

    Guidance goes with ``GUIDED``: pictures and sounds made anew. Dense maps and edits go without. Texts end
    where the model ends them, or at its limit of 512 tokens.

    Example::

        released_decoding(task("image_from_text"))  # temperature 1, top_p 0.95, guidance 10
        released_decoding(task("segment"))          # temperature 1, top_p 0.97, guidance 0
    """
    if family.output is TargetModality.TEXT:
        return family.decoding.model_copy(update={"max_tokens": None})
    return DecodingOptions(
        top_p=SEGMENTATION_TOP_P if family.name in SEGMENTATION else TOP_P,
        guidance=GUIDANCE if family.name in GUIDED else 0.0,
    )


def released_defaults() -> GenerationDefaults:
    """The generation defaults of a folder in the published layout, which holds none of its own."""
    return GenerationDefaults(
        image=released_decoding(TASKS.get("image_from_text")),
        audio=released_decoding(TASKS.get("audio_from_text")),
        tasks={family.name: released_decoding(family) for family in TASKS},
    )
