import torch

from unio.codecs.training.wave_discriminators import (
    Judgement,
    WaveDiscriminator,
    WaveDiscriminatorConfig,
    adversarial_loss,
    feature_matching,
    judge_loss,
)

SMALL = WaveDiscriminatorConfig(periods=(2, 3), scales=2, channels=2, num_layers=2)


def judgement(*verdicts: float, feature: float = 0.0) -> Judgement:
    return Judgement(verdicts=torch.tensor([verdicts]), features=[torch.full((1, 2), feature)])


def test_every_judge_gives_a_verdict_and_its_features() -> None:
    torch.manual_seed(0)
    found = WaveDiscriminator(SMALL)(torch.randn(2, 100))
    assert len(found) == 4
    assert all(len(one.features) == 2 for one in found)
    assert all(one.verdicts.shape[0] == 2 for one in found)


def test_a_period_judge_sees_columns_apart() -> None:
    """A change of every third sample reaches one column of the judge of period 3 and no other."""
    torch.manual_seed(0)
    discriminator = WaveDiscriminator(SMALL)
    samples = torch.randn(1, 99)
    changed = samples.clone()
    changed[:, ::3] += 1
    before, after = (discriminator(one)[1].features[0] for one in (samples, changed))
    assert not torch.equal(before[..., 0], after[..., 0])
    assert torch.equal(before[..., 1:], after[..., 1:])


def test_losses_counted_by_hand() -> None:
    real, fake = [judgement(1.0, 0.0)], [judgement(0.5, -1.0, feature=3.0)]
    assert float(judge_loss(real, fake)) == 0.5 + (0.25 + 1) / 2
    assert float(adversarial_loss(fake)) == (0.25 + 4) / 2
    assert float(feature_matching(real, fake)) == 3.0
