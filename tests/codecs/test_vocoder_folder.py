from pathlib import Path

import pytest
import torch

from unio.codecs.vocoder import Vocoder, VocoderConfig
from unio.codecs.vocoder_folder import load_vocoder, save_vocoder, vocode
from unio.core import WeightsError

SMALL = VocoderConfig(mels=5, channels=8, upsample_factors=(3, 2), upsample_kernels=(5, 4))


def test_what_was_saved_comes_back_and_sounds_the_same(tmp_path: Path) -> None:
    torch.manual_seed(0)
    vocoder = Vocoder(SMALL)
    save_vocoder(vocoder, tmp_path, rate=16000)
    again = load_vocoder(tmp_path)
    log_mel = torch.randn(7, 5)
    sound = vocode(again, log_mel, rate=16000)
    assert len(sound.samples) == 36
    assert sound.rate == 16000
    assert (sound.samples == vocode(vocoder.eval(), log_mel, rate=16000).samples).all()


def test_a_missing_one_names_its_recipe(tmp_path: Path) -> None:
    with pytest.raises(
        WeightsError, match=r"no vocoder in .*fix: train one: unio train configs/nano/vocoder"
    ):
        load_vocoder(tmp_path)


def test_weights_of_other_sizes_are_refused(tmp_path: Path) -> None:
    save_vocoder(Vocoder(SMALL), tmp_path, rate=16000)
    path = tmp_path / "vocoder.json"
    path.write_text(path.read_text().replace('"mels": 5', '"mels": 6'))
    with pytest.raises(WeightsError, match="does not fit its description"):
        load_vocoder(tmp_path)
