"""Text vocabulary: id layout, tokenizer, values as location tokens (spec sections 3 and 4). No torch."""

from unio.vocab.layout import ADDED_PIECES, LOCATION_BINS, VocabLayout
from unio.vocab.llama import HOW_TO_GET_IT, LLAMA_SIZE, check_llama, is_llama
from unio.vocab.locations import (
    LabelledLocations,
    labelled_locations,
    location_bin,
    location_text,
    locations_text,
    parse_locations,
)
from unio.vocab.tokenizer import TextTokenizer
from unio.vocab.training import train_tokenizer
from unio.vocab.values import (
    CUBOID_ANGLE,
    CUBOID_DEPTH,
    CUBOID_LOCATION,
    CUBOID_SIZE,
    POSE_AZIMUTH,
    POSE_DIRECTION,
    POSE_DISTANCE,
    ROBOT_POSITION,
    ValueRange,
)

__all__ = [
    "ADDED_PIECES",
    "CUBOID_ANGLE",
    "CUBOID_DEPTH",
    "CUBOID_LOCATION",
    "CUBOID_SIZE",
    "HOW_TO_GET_IT",
    "LLAMA_SIZE",
    "LOCATION_BINS",
    "POSE_AZIMUTH",
    "POSE_DIRECTION",
    "POSE_DISTANCE",
    "ROBOT_POSITION",
    "LabelledLocations",
    "TextTokenizer",
    "ValueRange",
    "VocabLayout",
    "check_llama",
    "is_llama",
    "labelled_locations",
    "location_bin",
    "location_text",
    "locations_text",
    "parse_locations",
    "train_tokenizer",
]
