"""Ask one picture several things: python examples/ask_a_picture.py PICTURE [MODEL]."""

import sys

import unio


def main(picture: str, model: str = "unio-nano") -> None:
    predictor = unio.load(model)
    print("caption ", predictor.run("caption", image=picture).text)
    print("tags    ", predictor.run("tag", image=picture).text)
    print("answer  ", predictor.run("vqa", image=picture, text="How many things are there?").text)
    found = predictor.run("detect", image=picture)
    for label, box in zip(found.labels, found.to_json().get("boxes", []), strict=True):
        print("box     ", label, box)


if __name__ == "__main__":
    main(*sys.argv[1:])
