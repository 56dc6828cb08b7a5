import io
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from unio.core import InputError
from unio.media import encode_animation, load_audio, load_image, save_audio, save_image, write_whole
from unio.schema import Waveform

PICTURE = np.arange(4 * 5 * 3, dtype=np.uint8).reshape(4, 5, 3)


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".jpeg", ".webp", ".bmp", ".PNG"])
def test_pictures_are_saved_by_suffix(tmp_path: Path, suffix: str):
    path = save_image(PICTURE, tmp_path / "new" / f"picture{suffix}")
    np.testing.assert_allclose(load_image(path).astype(int), PICTURE, atol=20)
    assert [one.name for one in path.parent.iterdir()] == [f"picture{suffix}"]


def test_png_is_lossless(tmp_path: Path):
    np.testing.assert_array_equal(load_image(save_image(PICTURE, tmp_path / "a.png")), PICTURE)


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".ogg"])
def test_sounds_are_saved_by_suffix(tmp_path: Path, suffix: str):
    samples = 0.5 * np.sin(np.arange(8000) / 20).astype(np.float32)
    path = save_audio(Waveform(samples=samples, rate=16000), tmp_path / f"sound{suffix}")
    loaded = load_audio(path, rate=16000)
    np.testing.assert_allclose(loaded.samples[:8000], samples, atol=0.05)


def test_sounds_are_cut_to_full_scale(tmp_path: Path):
    path = save_audio(Waveform(samples=np.array([3.0, -3.0], np.float32), rate=8000), tmp_path / "a.wav")
    np.testing.assert_allclose(soundfile.read(path)[0], [1.0, -1.0], atol=1e-3)


def test_unknown_suffixes_are_refused_and_leave_nothing(tmp_path: Path):
    with pytest.raises(InputError, match=r"save a picture in this format: got '.xyz'; expected one of .png"):
        save_image(PICTURE, tmp_path / "a.xyz")
    with pytest.raises(InputError, match=r"save a sound in this format: got ''; expected one of .wav"):
        save_audio(Waveform(samples=np.zeros(3, np.float32), rate=8000), tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


def test_failed_write_keeps_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = write_whole(tmp_path / "a.txt", b"old")

    def fail(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(InputError, match=r"cannot write .*a.txt: got No space left on device"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["a.txt"]


def test_impossible_places_are_refused(tmp_path: Path):
    write_whole(tmp_path / "file", b"x")
    with pytest.raises(InputError, match=r"cannot write .*file/a.png"):
        save_image(PICTURE, tmp_path / "file" / "a.png")
    with pytest.raises(InputError, match=r"cannot write .*: got Is a directory"):
        write_whole(tmp_path, b"x")


def test_animation_holds_every_picture():
    pictures = [np.full((8, 6, 3), value, np.uint8) for value in (0, 100, 200)]
    with Image.open(io.BytesIO(encode_animation(pictures, frames_per_second=10.0))) as animation:
        assert (animation.format, animation.size) == ("WEBP", (6, 8))
        assert getattr(animation, "n_frames", 1) == 3
    with pytest.raises(InputError, match="no pictures to animate"):
        encode_animation([], frames_per_second=10.0)
