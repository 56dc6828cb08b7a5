"""The pool of media that a codec, a vocoder or a resampler learns from, made beforehand and kept."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from unio.core import Config, ConfigError
from unio.data import MediaMaker, MediaPool, PoolConfig, build_pool
from unio.schema import Geometry
from unio.train.choices import SourceConfig, make_source
from unio.train.progress import TrainingProgress

__all__ = ["PooledRun", "make_run_pool"]


class PooledRun(Config):
    """What every run file with a pool says of it."""

    seed: int = Field(default=0, description="Seed of weights, media and order.")
    source: SourceConfig = Field(default_factory=lambda: SourceConfig(), description="Where media come from.")
    pool: PoolConfig = Field(description="The media to learn from.")
    pool_folder: Path = Field(description="Folder the pool is kept in.")


def make_run_pool(
    run: PooledRun, geometry: Geometry, *, medium: Literal["image", "audio"], are_waveforms: bool = False
) -> MediaPool:
    """Build what is missing of the run's pool, with a progress bar.

    Raises ``ConfigError`` if the pool asks for fields of another medium.
    """
    wrong = [entry.field for entry in run.pool.entries if medium not in entry.field]
    if wrong:
        raise ConfigError(
            "the pool holds other media", got=f"field {wrong[0]!r}", expected=f"fields of kind {medium}"
        )
    maker = MediaMaker(
        source=make_source(run.source),
        entries=run.pool.entries,
        geometry=geometry,
        seed=run.seed,
        are_waveforms=are_waveforms,
    )
    noun = "pictures" if medium == "image" else "sounds"
    with TrainingProgress(noun, total=run.pool.count) as progress:
        return build_pool(run.pool_folder, maker, run.pool, report=lambda done, _total: progress.count(done))
