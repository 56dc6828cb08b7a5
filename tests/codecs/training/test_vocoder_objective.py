import torch

from unio.codecs.training.vocoder_objective import (
    VocoderAdversarialConfig,
    VocoderObjective,
    VocoderObjectiveConfig,
)
from unio.codecs.training.wave_discriminators import WaveDiscriminatorConfig
from unio.schema import AudioGeometry

GEOMETRY = AudioGeometry(window=64, hop=16, mels=8, frames=21)
ADVERSARIAL = VocoderAdversarialConfig(
    start=0.5, discriminator=WaveDiscriminatorConfig(periods=(2,), scales=1, channels=2, num_layers=2)
)


def sounds() -> torch.Tensor:
    return 0.1 * torch.randn(2, 320, generator=torch.Generator().manual_seed(0))


def test_equal_sounds_cost_nothing() -> None:
    objective = VocoderObjective(VocoderObjectiveConfig(windows=(32, 64)), GEOMETRY)
    loss = objective(sounds(), sounds(), progress=0.0)
    assert float(loss.total) == 0.0
    assert set(loss.parts) == {"mel", "spectral"}


def test_the_total_is_the_weighted_sum() -> None:
    config = VocoderObjectiveConfig(mel_weight=3, spectral_weight=0.5, windows=(32,))
    loss = VocoderObjective(config, GEOMETRY)(2 * sounds(), sounds(), progress=0.0)
    expected = 3 * loss.parts["mel"] + 0.5 * loss.parts["spectral"]
    torch.testing.assert_close(loss.total, expected)
    # twice as loud: log 4 in power, but for bins at the floor
    assert 1.3 < float(loss.parts["mel"]) < 1.4


def test_judges_join_when_their_time_has_come() -> None:
    torch.manual_seed(0)
    objective = VocoderObjective(VocoderObjectiveConfig(windows=(32,), adversarial=ADVERSARIAL), GEOMETRY)
    made = sounds().flip(0).requires_grad_(True)
    assert "adversarial" not in objective(made, sounds(), progress=0.4).parts
    loss = objective(made, sounds(), progress=0.6)
    assert {"adversarial", "features"} <= set(loss.parts)
    objective.discriminator_loss(sounds(), loss).backward()
    assert made.grad is None
