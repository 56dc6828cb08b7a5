"""`Packing`: how the examples of a batch share encoder and decoder rows, padded to nothing (spec section 12).

Inputs are laid end to end: all text tokens of the batch in one array, all patches of all pictures in
another. ``places`` say where each vector goes in the flattened encoder rows, so that the model only
gathers and scatters, whatever the examples are. Lengths that decide shapes are plain integers: reading
them never waits for an accelerator.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["PackedFrames", "PackedInputs", "PackedTexts", "Packing", "Segments"]

A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True, kw_only=True, eq=False)
class Segments(Generic[A]):
    """Where each example lies in ``rows`` rows of ``length`` places.

    Segment i, of ``lengths[i]`` places, begins at place ``starts[i]`` of the flattened rows and never
    crosses the end of a row. ``owners`` (rows, length) integer names the example at each place, -1 for
    padding. One row as long as its content is the variable-length form; more rows of a fixed length are
    the form that compiled code and graphs want.

    Example, lengths 2, 1 and 2 in two rows of 3::

        owners  [[0 0 1]     starts  0 2 3
                 [2 2 -1]]
    """

    rows: int
    length: int
    starts: tuple[int, ...]
    lengths: tuple[int, ...]
    owners: A

    @property
    def places(self) -> int:
        """Places in all rows together, padding included."""
        return self.rows * self.length

    @property
    def filled(self) -> int:
        """Places that hold something."""
        return sum(self.lengths)

    def map(self, change: Callable[[A], B]) -> "Segments[B]":
        """The same segments with the array passed through ``change``."""
        return Segments(
            rows=self.rows,
            length=self.length,
            starts=self.starts,
            lengths=self.lengths,
            owners=change(self.owners),
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class PackedTexts(Generic[A]):
    """All text tokens of the batch: ``ids``, ``positions`` in their own text, ``places``, each (tokens,)."""

    ids: A
    positions: A
    places: A

    def map(self, change: Callable[[A], B]) -> "PackedTexts[B]":
        """The same texts with every array passed through ``change``."""
        return PackedTexts(ids=change(self.ids), positions=change(self.positions), places=change(self.places))


@dataclass(frozen=True, kw_only=True, eq=False)
class PackedFrames(Generic[A]):
    """All pictures of a batch, or all sounds: frames of inputs first, then those of histories.

    ``lengths`` counts the valid patches of each frame (frames without any are left out), of which the
    first ``inputs`` frames are inputs. ``patches`` (patches, width) float and ``positions`` (patches,)
    hold the patches of one frame after the other. ``places`` (input patches,) says where the patches of
    input frames go in the flattened encoder rows, ``latent_places`` (history frames x latents,) the same
    of the latents that the resampler makes of history frames, and ``latent_positions`` which (frame,
    latent) of its history each latent is, row-major.
    """

    lengths: tuple[int, ...]
    inputs: int
    patches: A
    positions: A
    places: A
    latent_places: A
    latent_positions: A

    @property
    def input_patches(self) -> int:
        """Patches of the input frames, which come first."""
        return sum(self.lengths[: self.inputs])

    def map(self, change: Callable[[A], B]) -> "PackedFrames[B]":
        """The same frames with every array passed through ``change``."""
        return PackedFrames(
            lengths=self.lengths,
            inputs=self.inputs,
            patches=change(self.patches),
            positions=change(self.positions),
            places=change(self.places),
            latent_places=change(self.latent_places),
            latent_positions=change(self.latent_positions),
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class PackedInputs(Generic[A]):
    """What goes into the encoder; None where no example has it."""

    texts: PackedTexts[A]
    pictures: PackedFrames[A] | None = None
    sounds: PackedFrames[A] | None = None

    def map(self, change: Callable[[A], B]) -> "PackedInputs[B]":
        """The same inputs with every array passed through ``change``."""
        return PackedInputs(
            texts=self.texts.map(change),
            pictures=None if self.pictures is None else self.pictures.map(change),
            sounds=None if self.sounds is None else self.sounds.map(change),
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Packing(Generic[A]):
    """Segment i of ``encoder`` and of ``decoder`` is example i; an example without a target has length 0.

    ``is_masked`` says of each example whether some of its target's codes are hidden (dynamic masking).
    """

    encoder: Segments[A]
    decoder: Segments[A]
    inputs: PackedInputs[A]
    is_masked: tuple[bool, ...]

    def map(self, change: Callable[[A], B]) -> "Packing[B]":
        """The same packing with every array passed through ``change``."""
        return Packing(
            encoder=self.encoder.map(change),
            decoder=self.decoder.map(change),
            inputs=self.inputs.map(change),
            is_masked=self.is_masked,
        )
