"""Draw a picture and make a sound from words: python examples/draw_and_sound.py FOLDER [MODEL]."""

import sys
from pathlib import Path

import unio


def main(folder: str, model: str = "unio-nano") -> None:
    predictor = unio.load(model)
    for seed in range(3):
        drawn = predictor.run("image_from_text", text="a large red ball and a small blue box", seed=seed)
        print(drawn.save(Path(folder) / f"drawn_{seed}.png"))
    fall = predictor.run("audio_from_text", text="a small metal thing falls on the floor")
    print(fall.save(Path(folder) / "fall.wav"))


if __name__ == "__main__":
    main(*sys.argv[1:])
