"""`Batch`: several examples side by side; every array holds only the examples that have the stream.

The containers are generic over the array type: the data floor fills them with NumPy arrays,
``Batch.map(torch.from_numpy)`` gives the model its tensors, and this file imports neither.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from unio.schema.modality import InputModality, Paradigm, TargetModality
from unio.schema.packing import Packing

__all__ = ["Batch", "Stream", "Target"]

A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True, kw_only=True, eq=False)
class Stream(Generic[A]):
    """One input stream of the examples that have it.

    ==============  ==============================  =======================  =====================
    stream          values                          mask, positions          dtype of values
    ==============  ==============================  =======================  =====================
    text            (count, length)                 (count, length)          integer ids
    image, audio    (count, patches, width)         (count, patches)         float
    histories       (count, frames, patches, width) (count, frames, patches) float
    ==============  ==============================  =======================  =====================

    ``rows`` (count,) says which example of the batch each entry belongs to, ascending, at most one
    entry an example. ``mask`` is boolean, True where there is something. ``positions`` are integer
    places on the full grid (or in the text).
    """

    values: A
    mask: A
    positions: A
    rows: A

    def map(self, change: Callable[[A], B]) -> "Stream[B]":
        """The same stream with every array passed through ``change``."""
        return Stream(
            values=change(self.values),
            mask=change(self.mask),
            positions=change(self.positions),
            rows=change(self.rows),
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Target(Generic[A]):
    """Targets of one modality.

    ``ids`` (count, length) integer: text ids, or codes + 2; None while a codec has yet to make them
    from ``media`` ((count, height, width, 3) pictures, (count, frames, mels) sounds).
    ``mask`` (count, length) boolean: tokens that count. ``rows`` (count,) as in `Stream`.
    ``hidden`` (count, length) boolean: codes whose patch was hidden from the encoder, which dynamic
    masking then hides from later decoder slots too; None where nothing is hidden.
    ``withheld`` (count, length) boolean: codes in whose place the decoder is fed the reserved id 1.
    ``weights`` (count, length) float: how much each code counts in the loss; None: all alike.
    The decoder's input is ``ids`` shifted right behind id 0; the model does that.

    In a packed batch (`Packing`) ``places`` (count, length) says at which place of the flattened decoder
    rows each token is predicted, and ``positions`` (count, length) which token of its own target it is.
    Texts, all of different lengths, then form a single entry: their arrays are (1, tokens) and ``rows``
    is (tokens,), the example of each token.
    """

    mask: A
    rows: A
    ids: A | None = None
    media: A | None = None
    hidden: A | None = None
    withheld: A | None = None
    weights: A | None = None
    places: A | None = None
    positions: A | None = None

    def map(self, change: Callable[[A], B]) -> "Target[B]":
        """The same target with every array passed through ``change``."""
        return Target(
            mask=change(self.mask),
            rows=change(self.rows),
            ids=None if self.ids is None else change(self.ids),
            media=None if self.media is None else change(self.media),
            hidden=None if self.hidden is None else change(self.hidden),
            withheld=None if self.withheld is None else change(self.withheld),
            weights=None if self.weights is None else change(self.weights),
            places=None if self.places is None else change(self.places),
            positions=None if self.positions is None else change(self.positions),
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Batch(Generic[A]):
    """``size`` examples. Absent streams and target modalities have no entry and cost nothing.

    ``encoder_length`` is the length of the encoder's rows: at least the most valid positions any
    example has over all its streams (valid positions are moved to the front, in stream order).
    ``tasks`` and ``paradigms`` name each example's family and denoising paradigm, where known.

    With ``packing`` the examples share rows, its ``inputs`` take the place of ``streams``, which is empty,
    and ``encoder_length`` is the length of a shared encoder row.
    """

    size: int
    encoder_length: int
    streams: Mapping[InputModality, Stream[A]]
    targets: Mapping[TargetModality, Target[A]] = field(default_factory=dict[TargetModality, Target[A]])
    tasks: tuple[str, ...] = ()
    paradigms: tuple[Paradigm, ...] = ()
    packing: Packing[A] | None = None

    def map(self, change: Callable[[A], B]) -> "Batch[B]":
        """The same batch with every array passed through ``change``, such as a move to a device."""
        return Batch(
            size=self.size,
            encoder_length=self.encoder_length,
            streams={name: stream.map(change) for name, stream in self.streams.items()},
            targets={name: target.map(change) for name, target in self.targets.items()},
            tasks=self.tasks,
            paradigms=self.paradigms,
            packing=None if self.packing is None else self.packing.map(change),
        )

    def with_targets(self, targets: Mapping[TargetModality, Target[A]]) -> "Batch[A]":
        """The same inputs with other targets."""
        return replace(self, targets=targets)
