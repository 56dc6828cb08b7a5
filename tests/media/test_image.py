import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from unio.core import ConfigError, InputError, validate_config
from unio.media import ImageLimits, load_image

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    content = io.BytesIO()
    image.save(content, format=kind, **options)
    return content.getvalue()


@pytest.fixture
def picture() -> Image.Image:
    """8 pixels high, 5 wide: red above, blue below."""
    image = Image.new("RGB", (5, 8), RED)
    image.paste(BLUE, (0, 4, 5, 8))
    return image


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF"])
def test_allowed_formats_decode(picture: Image.Image, kind: str):
    loaded = load_image(encoded(picture, kind))
    assert (loaded.shape, loaded.dtype) == ((8, 5, 3), np.uint8)
    np.testing.assert_allclose(loaded[0, 2].astype(int), RED, atol=12)
    np.testing.assert_allclose(loaded[7, 2].astype(int), BLUE, atol=12)


def test_other_formats_are_refused(picture: Image.Image):
    with pytest.raises(InputError, match=r"cannot decode the given picture: got .* of another format"):
        load_image(encoded(picture, "PPM"))


def test_text_named_png_is_refused(tmp_path: Path):
    path = tmp_path / "note.png"
    path.write_text("this is no picture")
    with pytest.raises(
        InputError, match=r"cannot decode .*note.png: got 18 bytes that are broken .*PNG, JPEG"
    ):
        load_image(path)


def test_cut_file_is_refused(picture: Image.Image, tmp_path: Path):
    path = tmp_path / "cut.png"
    whole = encoded(Image.effect_noise((40, 40), 50).convert("RGB"), "PNG")
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match=r"cut.png is broken: got .*; expected a picture that decodes"):
        load_image(path)


def test_empty_and_missing_files_are_refused(tmp_path: Path):
    (tmp_path / "empty.png").touch()
    with pytest.raises(InputError, match=r"empty.png is empty: got 0 bytes"):
        load_image(tmp_path / "empty.png")
    with pytest.raises(InputError, match=r"cannot read .*gone.png: got No such file"):
        load_image(tmp_path / "gone.png")


def test_single_pixel_is_refused():
    with pytest.raises(InputError, match="is too small: got 1 x 1 pixels; expected at least 2 pixels"):
        load_image(encoded(Image.new("RGB", (1, 1)), "PNG"))


def huge_png(side: int) -> bytes:
    """A PNG whose header claims side x side pixels and which holds almost none: decoding it would fail."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    data = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + data


@pytest.mark.parametrize(
    ("side", "pixels"), [(20_000, "400,000,000"), (10_000, "10,000 x 10,000 = 100,000,000")]
)
def test_huge_picture_is_refused_by_its_header(side: int, pixels: str):
    with pytest.raises(
        InputError, match=f"has too many pixels: got {pixels} pixels; expected at most 50,000,000"
    ):
        load_image(huge_png(side))


def test_limits_can_be_set(picture: Image.Image):
    raw = encoded(picture, "PNG")
    with pytest.raises(InputError, match="has too many pixels: got 8 x 5 = 40 pixels; expected at most 39"):
        load_image(raw, limits=ImageLimits(max_pixels=39))
    with pytest.raises(InputError, match="is too large"):
        load_image(raw, limits=ImageLimits(max_bytes=10))
    with pytest.raises(ConfigError, match="max_pixels"):
        validate_config(ImageLimits, {"max_pixels": 10**9}, where="limits")


def test_exif_rotation_is_undone(picture: Image.Image):
    exif = Image.Exif()
    exif[0x0112] = 6  # The camera was turned: show it a quarter turn clockwise.
    loaded = load_image(encoded(picture, "PNG", exif=exif))
    assert loaded.shape == (5, 8, 3)
    assert tuple(loaded[2, 0]) == BLUE
    assert tuple(loaded[2, 7]) == RED


def test_palette_is_resolved():
    image = Image.new("P", (3, 2), 1)
    image.putpalette([0, 0, 0, 0, 255, 0])
    assert tuple(load_image(encoded(image, "PNG"))[0, 0]) == GREEN


def test_transparent_palette_is_laid_over_white():
    image = Image.new("P", (3, 2), 1)
    image.putpalette([0, 0, 0, 0, 255, 0])
    image.putpixel((0, 0), 0)
    loaded = load_image(encoded(image, "PNG", transparency=0))
    assert tuple(loaded[0, 0]) == (255, 255, 255)
    assert tuple(loaded[0, 1]) == GREEN


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_becomes_rgb(kind: str):
    loaded = load_image(encoded(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), kind))
    np.testing.assert_allclose(loaded[4, 4].astype(int), RED, atol=3)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits_are_scaled(kind: str):
    values = np.array([[0, 0x8000, 0xFFFF], [0x0100, 0x4000, 0xC0FF]], np.uint16)
    loaded = load_image(encoded(Image.fromarray(values), kind))
    np.testing.assert_array_equal(loaded[..., 1], [[0, 128, 255], [1, 64, 192]])
    np.testing.assert_array_equal(loaded[..., 0], loaded[..., 2])


def test_alpha_is_laid_over_white():
    image = Image.new("RGBA", (2, 2), (255, 0, 0, 0))
    image.putpixel((1, 1), (255, 0, 0, 255))
    loaded = load_image(encoded(image, "PNG"))
    assert [tuple(loaded[0, 0]), tuple(loaded[1, 1])] == [(255, 255, 255), RED]


def test_animation_gives_its_first_frame():
    frames = [Image.new("RGB", (4, 4), colour) for colour in (RED, BLUE)]
    raw = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert tuple(load_image(raw)[0, 0]) == RED


def test_pillow_picture_and_array_are_taken(picture: Image.Image):
    np.testing.assert_array_equal(load_image(picture), np.asarray(picture))
    np.testing.assert_array_equal(load_image(np.asarray(picture)), np.asarray(picture))
    with pytest.raises(InputError, match="the given array is too small: got 1 x 5 pixels"):
        load_image(np.zeros((1, 5, 3), np.uint8))
