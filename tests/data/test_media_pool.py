from pathlib import Path

import numpy as np
import pytest
from synthetic import GEOMETRY, SyntheticSource

from unio.core import ConfigError, InputError
from unio.data.media_pool import MediaMaker, PoolConfig, PoolEntry, build_pool, open_pool

PAINTINGS = PoolEntry(task="paint", field="target_image", weight=1)
HUMS = PoolEntry(task="hum", field="target_audio", weight=1)


def maker(*entries: PoolEntry, seed: int = 5) -> MediaMaker:
    return MediaMaker(source=SyntheticSource(), entries=entries, geometry=GEOMETRY, seed=seed)


def config(*entries: PoolEntry, workers: int = 0) -> PoolConfig:
    return PoolConfig(entries=entries, count=7, chunk=3, workers=workers)


def test_pictures_are_uint8_in_the_target_square(tmp_path: Path) -> None:
    progress: list[tuple[int, int]] = []
    pool = build_pool(
        tmp_path, maker(PAINTINGS), config(PAINTINGS), report=lambda *count: progress.append(count)
    )
    drawn = pool.draw(4, seed=1, step=0)
    assert len(pool) == 7
    assert drawn.shape == (4, 16, 16, 3)
    assert drawn.dtype == np.uint8
    assert set(np.unique(drawn)) <= {0, 255}
    assert progress == [(0, 7), (3, 7), (6, 7), (7, 7)]


def test_sounds_are_float16_log_mels(tmp_path: Path) -> None:
    pool = build_pool(tmp_path, maker(HUMS), config(HUMS))
    assert pool.gather([6]).shape == (1, 16, 16)
    assert pool.gather([6]).dtype == np.float16


def test_drawing_is_a_pure_function_of_seed_and_step(tmp_path: Path) -> None:
    pool = build_pool(tmp_path, maker(HUMS), config(HUMS))
    np.testing.assert_array_equal(pool.draw(5, seed=1, step=3), pool.draw(5, seed=1, step=3))
    assert not np.array_equal(pool.draw(5, seed=1, step=3), pool.draw(5, seed=1, step=4))


def test_building_goes_on_with_the_missing_chunks_and_workers_change_nothing(tmp_path: Path) -> None:
    whole = build_pool(tmp_path / "a", maker(PAINTINGS), config(PAINTINGS)).gather(range(7))
    folder = tmp_path / "b"
    build_pool(folder, maker(PAINTINGS), config(PAINTINGS))
    (folder / "chunk-00001.npy").unlink()
    (folder / "chunk-00001.partial").write_bytes(b"cut short")
    untouched = (folder / "chunk-00000.npy").stat().st_mtime_ns
    again = build_pool(folder, maker(PAINTINGS), config(PAINTINGS, workers=1))
    np.testing.assert_array_equal(again.gather(range(7)), whole)
    assert (folder / "chunk-00000.npy").stat().st_mtime_ns == untouched


def test_a_pool_that_grows_makes_its_short_last_chunk_anew(tmp_path: Path) -> None:
    build_pool(tmp_path, maker(PAINTINGS), config(PAINTINGS))
    larger = PoolConfig(entries=(PAINTINGS,), count=8, chunk=3, workers=0)
    grown = build_pool(tmp_path, maker(PAINTINGS), larger)
    whole = build_pool(tmp_path / "whole", maker(PAINTINGS), larger)
    np.testing.assert_array_equal(grown.gather(range(8)), whole.gather(range(8)))


def test_a_pool_of_other_settings_is_refused(tmp_path: Path) -> None:
    build_pool(tmp_path, maker(PAINTINGS), config(PAINTINGS))
    with pytest.raises(ConfigError, match=r"made with other settings: got another seed.*remove the folder"):
        build_pool(tmp_path, maker(PAINTINGS, seed=6), config(PAINTINGS))


def test_a_field_the_task_lacks_is_named(tmp_path: Path) -> None:
    entry = PoolEntry(task="paint", field="audio", weight=1)
    with pytest.raises(InputError, match="examples of task 'paint' have no audio"):
        build_pool(tmp_path, maker(entry), config(entry))


def test_an_unfinished_pool_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"unfinished: got no chunk-00000\.npy"):
        open_pool(tmp_path, config(HUMS))
