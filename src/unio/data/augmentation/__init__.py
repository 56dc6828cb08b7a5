"""Augmented tasks: examples that follow from those a source has, with the truth they came with (spec 12)."""

from unio.data.augmentation.boxes import box_property_fields, refer_many_fields
from unio.data.augmentation.captions import bounded_caption_fields
from unio.data.augmentation.derived import DERIVED, with_derived
from unio.data.augmentation.masks import segment_in_box_fields, segment_many_fields
from unio.data.augmentation.surfaces import normal_at_fields, normal_axes_fields

__all__ = [
    "DERIVED",
    "bounded_caption_fields",
    "box_property_fields",
    "normal_at_fields",
    "normal_axes_fields",
    "refer_many_fields",
    "segment_in_box_fields",
    "segment_many_fields",
    "with_derived",
]
