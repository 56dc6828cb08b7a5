"""`StepRunner`: decoding steps of fixed shapes, compiled or captured in a CUDA graph (spec section 14).

Positions are tensors, so the same code serves them all. On a CPU the layers are compiled and read the cache
up to the position, rounded up to whole blocks. On CUDA a step is captured once and replayed: launching it
costs the host one call. The CUDA path is written by the documented rules of graph capture and has been run
on no GPU yet: no figure is claimed for it.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch._dynamo.decorators import maybe_mark_dynamic

from unio.core import InputError
from unio.model.decoder_cache import DecoderCache
from unio.model.unified_io import UnifiedIO
from unio.nn.attention import KeysValues

__all__ = ["ROOM_BLOCK", "StepRunner"]

ROOM_BLOCK = 64
"""Cached positions are read in whole blocks of so many; a masked rest costs little."""

WARM_UP_STEPS = 3
"""Runs before a capture, as libraries choose kernels and take memory on their first ones."""


class StepRunner:
    """Takes the place of ``model.decode_step`` for one cache.

    ``is_graphed`` None captures a graph where the decoder is compiled and on CUDA. Rows may stand at
    different positions, and the cache may be rewound between steps; its rows may not be selected anew.
    """

    def __init__(self, model: UnifiedIO, cache: DecoderCache, *, is_graphed: bool | None = None) -> None:
        self._model = model
        self._cache = cache
        is_wanted = model.device.type == "cuda" and model.decoder.has_compiled_steps
        self._is_graphed = is_wanted if is_graphed is None else is_graphed
        if self._is_graphed and model.device.type != "cuda":
            raise InputError(
                "graphs are captured on CUDA alone",
                got=f"the device {model.device.type!r}",
                fix="leave it out",
            )
        self._room = 0
        self._own: list[KeysValues] = []
        self._captured: dict[int, _CapturedStep] = {}

    def __call__(self, ids: Int[Tensor, "rows steps"]) -> Float[Tensor, "rows steps vocab"]:
        """Append ``ids`` to each row; float32 logits of what follows each of them.

        A graph's logits are overwritten by the next step. Raises ``InputError`` if the cache is full.
        """
        cache, steps = self._cache, ids.shape[1]
        cache.check_room(steps)
        places = cache.clock.positions(steps)
        if self._is_graphed:
            if steps not in self._captured:
                self._captured[steps] = _CapturedStep(self._model, cache, ids, places)
            logits = self._captured[steps](ids, places)
        else:
            own = self._own_parts(cache.clock.filled + steps)
            logits = self._model.step_logits(ids, places, own=own, cache=cache)
        cache.clock.advance(steps)
        return logits

    def _own_parts(self, filled: int) -> list[KeysValues]:
        """Every layer's cache up to the block that ``filled`` positions reach into."""
        room = min(-(-filled // ROOM_BLOCK) * ROOM_BLOCK, self._cache.max_length)
        if room != self._room:
            self._room = room
            self._own = [layer.own.first(room) for layer in self._cache.layers]
            for part in self._own:
                # How much is read is the only size that changes: the code is made once for all rooms.
                maybe_mark_dynamic(part.keys, 2)
                maybe_mark_dynamic(part.values, 2)
        return self._own


class _CapturedStep:
    """One graph: fixed inputs are filled, the graph is replayed, fixed logits are read."""

    def __init__(
        self,
        model: UnifiedIO,
        cache: DecoderCache,
        ids: Int[Tensor, "rows steps"],
        places: Int[Tensor, "rows steps"],
    ) -> None:
        self._ids, self._places = ids.clone(), places.clone()
        self._own = [layer.own.first(cache.max_length) for layer in cache.layers]
        # The warm-up writes what the first replay overwrites with the same: the same ids at the same places.
        beside = torch.cuda.Stream()
        beside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(beside):
            for _ in range(WARM_UP_STEPS):
                self._step(model, cache)
        torch.cuda.current_stream().wait_stream(beside)
        self._graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self._graph):
            self._logits = self._step(model, cache)

    def _step(self, model: UnifiedIO, cache: DecoderCache) -> Tensor:
        return model.step_logits(self._ids, self._places, own=self._own, cache=cache)

    def __call__(self, ids: Tensor, places: Tensor) -> Tensor:
        self._ids.copy_(ids)
        self._places.copy_(places)
        self._graph.replay()
        return self._logits
