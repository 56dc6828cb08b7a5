"""How fast the playroom is: pictures and episodes a second, on one process and on two.

    python benchmarks/playroom.py [--pictures 200] [--episodes 40]

A picture is a fresh scene: sampled, its model built, rendered at 128 x 128 with RGB, depth, normals and
instance ids. An episode is a drop of 2.032 s with its states, contacts and sound.
"""

import argparse
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor

from unio.playroom import drop_episode, push_problem, render, sample_scene


def make_picture(seed: int) -> None:
    render(sample_scene(seed, "train"), size=128)


def make_episode(seed: int) -> None:
    assert drop_episode(seed, "train").waveform.seconds > 2


def make_push(seed: int) -> None:
    push_problem(seed, "train")


def rate(work: Callable[[int], None], count: int, *, processes: int) -> float:
    """Pieces of work a second, processes already started."""
    with ProcessPoolExecutor(processes) as pool:
        list(pool.map(work, range(processes * 2)))
        start = time.perf_counter()
        list(pool.map(work, range(count), chunksize=max(count // (processes * 8), 1)))
        return count / (time.perf_counter() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--pictures", type=int, default=200)
    parser.add_argument("--episodes", type=int, default=40)
    options = parser.parse_args()
    print("| a second | 1 process | 2 processes |")
    print("| --- | --- | --- |")
    for name, work, count in (
        ("pictures, 128 x 128 with ground truth", make_picture, options.pictures),
        ("drop episodes with sound", make_episode, options.episodes),
        ("push problems, each solved once", make_push, options.episodes),
    ):
        rates = [rate(work, count, processes=processes) for processes in (1, 2)]
        print(f"| {name} | {rates[0]:.1f} | {rates[1]:.1f} |")


if __name__ == "__main__":
    main()
