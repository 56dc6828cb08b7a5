"""What was done to media before the model saw them, kept beside it and checked on loading (spec section 5).

The numbers are written for other programs that prepare inputs, and so that a folder made for another
preparation is refused instead of answering a little wrong.
"""

from pathlib import Path
from typing import Any, cast

from unio.core import ConfigError
from unio.infer.json_file import read_settings, write_settings
from unio.media.normalise import CLIP_MEAN, CLIP_STD
from unio.schema import Geometry

__all__ = ["PREPROCESSING_FILE", "check_preprocessing", "preprocessing", "write_preprocessing"]

PREPROCESSING_FILE = "preprocessor_config.json"


def preprocessing(geometry: Geometry) -> dict[str, dict[str, Any]]:
    """Every setting of the preparation of pictures and sounds, by name."""
    return {
        "image": {
            **geometry.image.model_dump(mode="json"),
            "fit": "keep the aspect ratio, pad to a square, the smaller half first",
            "resample": "bilinear, antialiased",
            "mean": [round(float(value), 8) for value in CLIP_MEAN],
            "std": [round(float(value), 8) for value in CLIP_STD],
            "target_range": [-1.0, 1.0],
        },
        "audio": {
            **geometry.audio.model_dump(mode="json"),
            "channels": 1,
            "window_function": "hann, symmetric",
            "centre": "reflect",
            "spectrum": "power",
            "mel_scale": "slaney",
            "mel_norm": "slaney",
        },
    }


def write_preprocessing(geometry: Geometry, folder: Path) -> None:
    """Write the settings into a model's folder."""
    write_settings(folder / PREPROCESSING_FILE, preprocessing(geometry))


def check_preprocessing(folder: Path, geometry: Geometry) -> None:
    """Raise ``ConfigError`` if the folder says that its model wants another preparation than ours."""
    path = folder / PREPROCESSING_FILE
    if not path.is_file():
        return
    told = read_settings(path)
    for section, ours in preprocessing(geometry).items():
        theirs: object = told.get(section)
        for key, value in ours.items():
            found = cast(dict[str, Any], theirs).get(key) if isinstance(theirs, dict) else None
            if found != value:
                raise ConfigError(
                    f"{path}: media would be prepared otherwise than {section}.{key} says",
                    got=repr(found)[:80],
                    expected=repr(value),
                    fix="remove the file if it is not this model's",
                )
