"""Named colours in pictures: which pixels show which, by hue, saturation and brightness."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from unio.schema import Picture

__all__ = ["Palette"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Palette:
    """Colour names with the hues (degrees) they have in a source's pictures.

    A pixel shows the name of the nearest hue if its saturation is at least ``min_saturation``; ``dark``
    names pixels darker than ``max_darkness`` with little saturation. Other pixels show no colour (-1).
    Sources calibrate the numbers on their own pictures, lit as they are.
    """

    hues: Mapping[str, float]
    min_saturation: float
    dark: str | None = None
    max_darkness: float = 0.0
    max_dark_saturation: float = 0.0

    @property
    def names(self) -> tuple[str, ...]:
        """All names, in the order of the indices that `classify` gives."""
        return (*self.hues, *(() if self.dark is None else (self.dark,)))

    def classify(self, picture: Picture) -> Int[np.ndarray, "height width"]:
        """The index of the colour that each pixel shows, -1 for none."""
        hue, saturation, value = _hue_saturation_value(picture)
        centres = np.array(list(self.hues.values()), dtype=np.float32)
        away = np.abs((hue[..., None] - centres + 180) % 360 - 180)
        classes = np.where(saturation >= self.min_saturation, away.argmin(axis=2), -1)
        if self.dark is not None:
            is_dark = (value < self.max_darkness) & (saturation < self.max_dark_saturation)
            classes = np.where(is_dark, len(self.hues), classes)
        return classes

    def shares(self, picture: Picture) -> dict[str, float]:
        """Colour name -> share of the picture that shows it."""
        classes = self.classify(picture)
        counts = np.bincount(classes[classes >= 0], minlength=len(self.names))
        return {name: float(count) / classes.size for name, count in zip(self.names, counts, strict=True)}


Plane = Float[np.ndarray, "height width"]


def _hue_saturation_value(picture: Picture) -> tuple[Plane, Plane, Plane]:
    """Hue in degrees, saturation and value in 0..1 (hexcone model)."""
    colours = picture.astype(np.float32) / 255
    red, green, blue = colours[..., 0], colours[..., 1], colours[..., 2]
    value = colours.max(axis=2)
    chroma = value - colours.min(axis=2)
    safe = np.maximum(chroma, 1e-6)
    sextant = np.select(
        [value == red, value == green],
        [((green - blue) / safe) % 6, (blue - red) / safe + 2],
        default=(red - green) / safe + 4,
    )
    return sextant * 60, chroma / np.maximum(value, 1e-6), value
