import numpy as np
import torch

from unio.codecs.training.torch_mel import TorchMel, magnitudes
from unio.media import log_mel
from unio.media.spectrogram import stft
from unio.schema import AudioGeometry

GEOMETRY = AudioGeometry(window=64, hop=16, mels=8, frames=21)


def test_it_is_the_spectrogram_of_media() -> None:
    samples = np.random.default_rng(0).normal(size=(2, 320)).astype(np.float32) * 0.1
    ours = TorchMel(GEOMETRY)(torch.as_tensor(samples))
    assert ours.shape == (2, 21, 8)
    for row, sound in zip(ours, samples, strict=True):
        np.testing.assert_allclose(row.numpy(), log_mel(sound, GEOMETRY).values, atol=2e-4)
        spectrum = np.abs(stft(sound, window=64, hop=16))
        theirs = magnitudes(torch.as_tensor(sound[None]), window=64, hop=16)[0]
        np.testing.assert_allclose(theirs.numpy(), spectrum, atol=1e-4)


def test_silence_is_the_quietest_there_is_and_has_a_slope() -> None:
    samples = torch.zeros(1, 320, requires_grad=True)
    values = TorchMel(GEOMETRY)(samples)
    assert torch.allclose(values, torch.full_like(values, float(np.log(1e-5))))
    magnitudes(samples, window=64, hop=16).sum().backward()
    assert samples.grad is not None
    assert bool(torch.isfinite(samples.grad).all())
