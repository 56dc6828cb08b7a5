import numpy as np
from PIL import Image, ImageDraw

from unio.media.drawing.canvas import Canvas, draw_lines, text_size, wrap_text


def test_small_pictures_are_enlarged_by_a_whole_factor():
    canvas = Canvas(np.zeros((30, 50, 3), np.uint8), min_side=320)
    assert canvas.factor == 7
    assert canvas.picture().shape == (210, 350, 3)
    assert canvas.place(y=2.0, x=5.0) == (35, 14)


def test_large_pictures_keep_their_size():
    picture = np.zeros((400, 300, 3), np.uint8)
    assert Canvas(picture).picture().shape == (400, 300, 3)


def test_labels_stay_inside():
    canvas = Canvas(np.zeros((320, 320, 3), np.uint8))
    for corner in ((-50.0, -50.0), (400.0, 400.0)):
        canvas.label("ball", corner, colour=(255, 0, 0))
    drawn = canvas.picture()
    assert tuple(drawn[0, 0]) == (255, 0, 0)
    assert tuple(drawn[-1, -1]) == (255, 0, 0)


def test_lines_are_no_wider_than_asked():
    text = "a caption of many words and one verylongwordthatfitsnowhereatall\nsecond paragraph"
    lines = wrap_text(text, 14, width=90)
    assert max(text_size(line, 14)[0] for line in lines) <= 90
    assert "".join(lines).replace(" ", "") == text.replace(" ", "").replace("\n", "")
    assert wrap_text("", 14, width=90) == []


def test_lines_are_written_below_each_other():
    image = Image.new("RGB", (60, 60))
    draw_lines(ImageDraw.Draw(image), ["a", "", "b"], at=(2, 2), size=14, colour=(255, 255, 255))
    rows = np.asarray(image).any(axis=(1, 2))
    line_height = text_size("x", 14)[1]
    assert rows[:line_height].any()
    assert rows[2 + 2 * line_height :].any()
    assert not rows[4 + line_height : 2 * line_height].any()
