"""A fixed pool of target pictures or sounds, made once in parallel and read from disk for ever after.

Training a codec needs the same kind of medium thousands of times; making it costs more than a
training step on it. A pool is a folder of chunk files, each written whole under a temporary name,
so that building can be cut short anywhere and goes on with the missing chunks.
"""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import Field

from unio.core import Config, ConfigError, InputError, random_stream
from unio.data.features import target_picture, target_sound
from unio.data.mixture import Mixture
from unio.data.source import Source
from unio.data.workers import ignore_signals, single_threaded, spawn_context
from unio.media import split_segments
from unio.schema import Example, Geometry, Picture, Waveform

__all__ = ["MediaMaker", "MediaPool", "PoolConfig", "PoolEntry", "build_pool", "open_pool"]

DESCRIPTION = "pool.json"


class PoolEntry(Config):
    """One kind of medium in the pool."""

    task: str = Field(description="Task whose examples are drawn.")
    field: Literal["image", "target_image", "audio", "target_audio"] = Field(
        description="Field of the example that is taken."
    )
    weight: float = Field(gt=0, description="How often, against the other entries.")


class PoolConfig(Config):
    """What a pool holds."""

    entries: tuple[PoolEntry, ...] = Field(min_length=1, description="Kinds of media and their weights.")
    count: int = Field(gt=0, description="Media in the pool.")
    chunk: int = Field(default=256, gt=0, description="Media in one file.")
    workers: int = Field(default=2, ge=0, description="Processes that build the pool; 0 builds in this one.")


@dataclass(frozen=True, kw_only=True)
class MediaMaker:
    """Medium number ``index`` as a pure function of (seed, index): uint8 pictures, float16 log-mels.

    With ``are_waveforms``, sounds are their first segment's samples, int16: what a vocoder learns from.
    """

    source: Source
    entries: tuple[PoolEntry, ...]
    geometry: Geometry
    seed: int
    are_waveforms: bool = False

    def make(self, index: int) -> np.ndarray:
        """(size, size, 3) uint8, or (frames, mels) float16 with the codec's normalisation, or (samples,)."""
        names = {f"{entry.task}.{entry.field}": entry for entry in self.entries}
        mixture = Mixture(weights={name: entry.weight for name, entry in names.items()})
        entry = names[mixture.sample(self.seed, index)]
        example = self.source.example(entry.task, self.seed, index)
        medium = self._field(example, entry.field)
        if medium is None:
            raise InputError(
                f"examples of task {entry.task!r} have no {entry.field}",
                fix="name another field in pool.entries",
            )
        if isinstance(medium, Waveform) and self.are_waveforms:
            segment = split_segments(medium, self.geometry.audio)[0]
            return np.round(np.clip(segment, -1, 1) * 32767).astype(np.int16)
        if isinstance(medium, Waveform):
            return target_sound(medium, self.geometry.audio).astype(np.float16)
        pixels = target_picture(medium, self.geometry.image)
        return np.clip(np.round((pixels + 1) * 127.5), 0, 255).astype(np.uint8)

    @staticmethod
    def _field(example: Example, name: str) -> Picture | Waveform | None:
        return {
            "image": example.image,
            "target_image": example.target_image,
            "audio": example.audio,
            "target_audio": example.target_audio,
        }[name]


class MediaPool:
    """Memory-mapped chunks, read by index."""

    def __init__(self, paths: Sequence[Path], *, chunk: int, count: int) -> None:
        self._chunks = [np.load(path, mmap_mode="r") for path in paths]
        self._chunk = chunk
        self.count = count

    def __len__(self) -> int:
        return self.count

    def gather(self, indices: Sequence[int]) -> np.ndarray:
        """The media at ``indices``, stacked."""
        return np.stack([self._chunks[index // self._chunk][index % self._chunk] for index in indices])

    def draw(self, size: int, *, seed: int, step: int, leave_out: int = 0) -> np.ndarray:
        """``size`` random media, never the last ``leave_out``: a pure function of (seed, step)."""
        indices = random_stream(seed, "pool", step).integers(self.count - leave_out, size=size)
        return self.gather([int(index) for index in indices])

    def batches(self, size: int, *, seed: int, start: int, leave_out: int = 0) -> Iterator[np.ndarray]:
        """What `draw` gives at ``start`` and every step after it, without an end."""
        for step in count(start):
            yield self.draw(size, seed=seed, step=step, leave_out=leave_out)


def build_pool(
    folder: Path,
    maker: MediaMaker,
    config: PoolConfig,
    *,
    report: Callable[[int, int], None] = lambda _done, _total: None,
) -> MediaPool:
    """Make what is missing of the pool in ``folder`` and open it.

    ``report`` is called with (media ready, media in all) after each chunk. Raises ``ConfigError`` if
    the folder holds a pool made with other settings.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _check_description(folder, maker, config)
    missing = [path for path in _chunk_paths(folder, config) if not _is_whole(path, config)]
    report(_ready(folder, config), config.count)
    if config.workers == 0:
        for path in missing:
            _write_chunk(path, maker, config)
            report(_ready(folder, config), config.count)
    elif missing:
        _build_in_parallel(folder, missing, maker, config, report)
    return open_pool(folder, config)


def open_pool(folder: Path, config: PoolConfig) -> MediaPool:
    """The finished pool in ``folder``. Raises ``InputError`` if chunks are missing."""
    paths = _chunk_paths(folder, config)
    absent = [path.name for path in paths if not path.exists()]
    if absent:
        raise InputError(f"the pool in {folder} is unfinished", got=f"no {absent[0]}", fix="build it again")
    return MediaPool(paths, chunk=config.chunk, count=config.count)


def _build_in_parallel(
    folder: Path,
    missing: Sequence[Path],
    maker: MediaMaker,
    config: PoolConfig,
    report: Callable[[int, int], None],
) -> None:
    with (
        single_threaded(),
        ProcessPoolExecutor(
            max_workers=config.workers, mp_context=spawn_context(), initializer=ignore_signals
        ) as executor,
    ):
        jobs = [executor.submit(_write_chunk, path, maker, config) for path in missing]
        try:
            for job in as_completed(jobs):
                job.result()
                report(_ready(folder, config), config.count)
        except BaseException:
            executor.shutdown(wait=False, cancel_futures=True)
            raise


def _write_chunk(path: Path, maker: MediaMaker, config: PoolConfig) -> None:
    media = np.stack([maker.make(index) for index in _indices(path, config)])
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        np.save(file, media)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def _is_whole(path: Path, config: PoolConfig) -> bool:
    """Whether a chunk is there; the last one of a smaller pool is too short for one that has grown."""
    return path.exists() and len(np.load(path, mmap_mode="r")) >= len(_indices(path, config))


def _indices(path: Path, config: PoolConfig) -> range:
    first = int(path.stem.rpartition("-")[2]) * config.chunk
    return range(first, min(first + config.chunk, config.count))


def _chunk_paths(folder: Path, config: PoolConfig) -> list[Path]:
    return [folder / f"chunk-{number:05d}.npy" for number in range(-(-config.count // config.chunk))]


def _ready(folder: Path, config: PoolConfig) -> int:
    return min(config.count, config.chunk * sum(path.exists() for path in _chunk_paths(folder, config)))


def _check_description(folder: Path, maker: MediaMaker, config: PoolConfig) -> None:
    wanted: dict[str, Any] = {
        "seed": maker.seed,
        "chunk": config.chunk,
        "entries": [entry.model_dump() for entry in config.entries],
        "image": maker.geometry.image.model_dump(),
        "audio": maker.geometry.audio.model_dump(),
    }
    if maker.are_waveforms:
        wanted["waveforms"] = True
    path = folder / DESCRIPTION
    if path.exists():
        held: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        changed = [key for key in sorted(wanted.keys() | held.keys()) if held.get(key) != wanted.get(key)]
        if changed:
            raise ConfigError(
                f"the pool in {folder} was made with other settings",
                got=f"another {', '.join(changed)}",
                fix="remove the folder, or name another one",
            )
        return
    path.write_text(json.dumps(wanted, indent=1), encoding="utf-8")
