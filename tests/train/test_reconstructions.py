from pathlib import Path

import pytest
import torch
from PIL import Image

from unio.train.reconstructions import draw_reconstructions, signal_to_noise


def test_the_ratio_counts_from_the_range_of_values() -> None:
    media = torch.tensor([[0.0, 2.0]])
    assert signal_to_noise(media, media + 0.2) == pytest.approx(20.0, abs=1e-4)


def test_a_sheet_has_pairs_of_rows(tmp_path: Path) -> None:
    media = torch.linspace(-1, 1, 9 * 3 * 4 * 5).reshape(9, 3, 4, 5)
    draw_reconstructions(media, -media, tmp_path / "sheet.png")
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.size == (8 * (5 + 4), 2 * 2 * (4 + 4))


def test_spectrograms_are_drawn_upright(tmp_path: Path) -> None:
    sound = torch.zeros(1, 6, 4)  # frames, mels
    sound[0, :, 0] = 1.0  # the lowest band is loud
    draw_reconstructions(sound, sound, tmp_path / "sheet.png")
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.size == (8 * (6 + 4), 2 * (4 + 4))
        top, bottom = sheet.getpixel((4, 2)), sheet.getpixel((4, 5))
    assert sum(bottom) > sum(top)  # type: ignore[arg-type]
