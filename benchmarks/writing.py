"""How fast the playroom is written as data sets: entries a second, in one process and in two.

    python benchmarks/writing.py [--seconds 8] [--world first] [FORMAT ..]

A full scene (webdataset) is a fresh scene of 128 x 128 with caption, depth, normals, ids and the scene as
JSON, packed and on the disk. Sounds are drops of 2.032 s; jsonl entries are scenes with a line of each of 12
families; lerobot entries are pushes with their films.
"""

import argparse
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from unio.data.sources.playroom import PlayroomSource
from unio.data.workers import single_threaded, spawn_context
from unio.data.writers import CocoShards, ConversationShards, EpisodeShards, ShardMaker, TarShards

PER_SHARD = {"webdataset": 60, "webdataset-sounds": 30, "coco": 60, "jsonl": 6, "lerobot": 6}


def make(kind: str, source: PlayroomSource) -> ShardMaker:
    """The format's maker."""
    makers: dict[str, ShardMaker] = {
        "webdataset": TarShards(source=source, kind="scenes"),
        "webdataset-sounds": TarShards(source=source, kind="sounds"),
        "coco": CocoShards(source=source),
        "jsonl": ConversationShards(source=source),
        "lerobot": EpisodeShards(source=source),
    }
    return makers[kind]


def write_one(maker: ShardMaker, folder: Path, shard: int, per_shard: int) -> int:
    """One shard; its number of entries."""
    maker.write(folder, shard, range(shard * per_shard, (shard + 1) * per_shard))
    return per_shard


def rate(maker: ShardMaker, *, per_shard: int, processes: int, seconds: float) -> float:
    """Entries a second over at least ``seconds``, processes already started."""
    with (
        tempfile.TemporaryDirectory() as place,
        single_threaded(),
        ProcessPoolExecutor(processes, mp_context=spawn_context()) as pool,
    ):
        folder = Path(place)
        first = [pool.submit(write_one, maker, folder, shard, 2) for shard in range(900, 900 + 2 * processes)]
        for job in first:
            job.result()
        started, written, shard = time.perf_counter(), 0, 0
        while time.perf_counter() - started < seconds:
            jobs = [
                pool.submit(write_one, maker, folder, shard + one, per_shard) for one in range(2 * processes)
            ]
            written += sum(job.result() for job in jobs)
            shard += len(jobs)
        return written / (time.perf_counter() - started)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("formats", nargs="*", metavar="FORMAT", default=list(PER_SHARD))
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--world", default="first", choices=["first", "full"])
    chosen = parser.parse_args()
    source = PlayroomSource(split="train", examples_per_scene=1, world=chosen.world)
    print("| entries a second | 1 process | 2 processes |\n|---|---|---|")
    for kind in chosen.formats:
        rates = [
            rate(make(kind, source), per_shard=PER_SHARD[kind], processes=processes, seconds=chosen.seconds)
            for processes in (1, 2)
        ]
        print(f"| {kind} | {rates[0]:.1f} | {rates[1]:.1f} |", flush=True)


if __name__ == "__main__":
    main()
