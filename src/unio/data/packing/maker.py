"""`PackedBatchMaker`: batches chosen online from a small pool of waiting examples (spec section 12)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np

from unio.core import CheckpointError, InputError
from unio.data.batches import MadeBatch
from unio.data.items import BrokenItem, ItemMaker, make_item
from unio.data.packing.choose import choose_row
from unio.data.packing.config import PackingConfig
from unio.data.packing.lay_out import RowLengths, collate_packed
from unio.data.packing.sizes import RESOURCES, Sizes, measure
from unio.data.packing.work import WorkModel
from unio.schema import Features, Geometry

__all__ = ["PackedBatchMaker"]


@dataclass(frozen=True, kw_only=True, eq=False)
class _Waiting:
    """An example in the pool."""

    index: int
    features: Features
    sizes: Sizes


@dataclass(kw_only=True, eq=False)
class _Stream:
    """One of the independent packers: what waits, what comes next, how many batches it has made."""

    waiting: list[_Waiting] = field(default_factory=list[_Waiting])
    next_item: int = 0
    made: int = 0


class PackedBatchMaker:
    """Makes packed batches; a `Maker` for `unio.data.Loader`.

    Batch number b is made by stream ``b % streams``, which packs items ``s``, ``s + streams``, .. in its
    own pool. A stream's batches must be asked for in order, so worker processes (the loader's, or ranks')
    must be so many that ``streams`` is a multiple of them: each stream then lives in one process, and
    batches do not depend on how many there are. The oldest example of a pool opens every row: none waits
    longer than ``config.pool`` rows.

    `state_dict` holds indices, no features: restoring makes the waiting examples again, which are a
    pure function of their index.
    """

    def __init__(
        self,
        items: ItemMaker,
        *,
        config: PackingConfig,
        geometry: Geometry,
        streams: int = 1,
        work: WorkModel | None = None,
    ) -> None:
        if streams < 1:
            raise InputError("no packing stream", got=streams, expected="1 or more")
        if config.work is not None and work is None:
            raise InputError(
                "packing.work limits what nothing counts", fix="give a work model, or leave it out"
            )
        self.items = items
        self.config = config
        self.geometry = geometry
        self.streams = streams
        self.work = work
        self._states = [_Stream() for _ in range(streams)]

    def make(self, step: int) -> MadeBatch:
        """Batch number ``step``, the next of its stream; its ``state`` is the stream's behind it.

        An example that fits into no row counts as broken. Raises ``InputError`` if another batch of the
        stream is due, and as `make_item` does.
        """
        number = step % self.streams
        stream = self._states[number]
        if stream.made != step // self.streams:
            raise InputError(
                "packed batches come in order",
                got=f"batch {step}",
                expected=f"batch {stream.made * self.streams + number} of stream {number}",
                fix="restore the packer's state, or let its streams be a multiple of the processes",
            )
        broken: list[BrokenItem] = []
        is_fixed = self.config.form == "fixed"
        rows = [self._row(number, broken) for _ in range(self.config.rows if is_fixed else 1)]
        lengths = RowLengths(encoder=self.config.encoder_length, decoder=self.config.decoder_length)
        batch = collate_packed(rows, geometry=self.geometry, lengths=lengths if is_fixed else None)
        stream.made += 1
        return MadeBatch(batch=batch, broken=tuple(broken), state={str(number): self._stream_state(number)})

    def state_dict(self) -> dict[str, Any]:
        """All streams: batches made, next item, items waiting. Plain numbers, fit for JSON."""
        return {str(number): self._stream_state(number) for number in range(self.streams)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from a state; streams it does not name stay as they are, so states may be merged.

        Raises ``CheckpointError`` for a state of other streams.
        """
        for name, values in state.items():
            if not name.isdigit() or int(name) >= self.streams:
                raise CheckpointError(
                    "the packer's state has other streams",
                    got=f"stream {name}",
                    expected=f"0 to {self.streams - 1}",
                    fix="resume with the same packing streams",
                )
            held = cast(Mapping[str, Any], values)
            self._states[int(name)] = _Stream(
                waiting=[self._wait(int(index), []) for index in held["waiting"]],
                next_item=int(held["next_item"]),
                made=int(held["made"]),
            )

    def _stream_state(self, number: int) -> dict[str, Any]:
        stream = self._states[number]
        return {
            "made": stream.made,
            "next_item": stream.next_item,
            "waiting": [one.index for one in stream.waiting],
        }

    def _row(self, number: int, broken: list[BrokenItem]) -> Sequence[Features]:
        """Fill the pool, choose a row from it, oldest first, and leave the rest waiting."""
        stream = self._states[number]
        while len(stream.waiting) < self.config.pool:
            stream.waiting.append(self._wait(stream.next_item * self.streams + number, broken))
            stream.next_item += 1
        sizes = np.stack([one.sizes.vector for one in stream.waiting])
        chosen = sorted(choose_row(sizes, self.config.budgets()))
        row = [stream.waiting[place].features for place in chosen]
        left = set(range(len(stream.waiting))) - set(chosen)
        stream.waiting = [stream.waiting[place] for place in sorted(left)]
        return row

    def _wait(self, index: int, broken: list[BrokenItem]) -> _Waiting:
        made = make_item(self.items, index, check=self._check_fits)
        broken.extend(made.broken)
        return _Waiting(index=index, features=made.features, sizes=self._measure(made.features))

    def _measure(self, features: Features) -> Sizes:
        return measure(features, geometry=self.geometry, work=self.work)

    def _check_fits(self, features: Features) -> None:
        for name, size, budget in zip(
            RESOURCES, self._measure(features).vector, self.config.budgets(), strict=True
        ):
            if size > budget:
                raise InputError(
                    "the example fits into no row",
                    got=f"{name} {size:g}",
                    expected=f"at most {budget:g}",
                    fix="raise the packing budget, or shorten the example",
                )
