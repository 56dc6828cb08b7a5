"""What a codec needs in order to be trained, and nothing of what it needs in order to be used."""

from unio.codecs.training.code_usage import CodeUsage
from unio.codecs.training.codebook_keeper import CodebookConfig, CodebookKeeper
from unio.codecs.training.colour_loss import colour_loss
from unio.codecs.training.discriminator import DiscriminatorConfig, PatchDiscriminator
from unio.codecs.training.feature_loss import FeatureLoss
from unio.codecs.training.gradient_loss import multiscale_gradient_loss
from unio.codecs.training.kmeans import kmeans
from unio.codecs.training.objective import (
    AdversarialConfig,
    CodecLoss,
    CodecObjective,
    CodecObjectiveConfig,
    PerceptualLoss,
)

__all__ = [
    "AdversarialConfig",
    "CodeUsage",
    "CodebookConfig",
    "CodebookKeeper",
    "CodecLoss",
    "CodecObjective",
    "CodecObjectiveConfig",
    "DiscriminatorConfig",
    "FeatureLoss",
    "PatchDiscriminator",
    "PerceptualLoss",
    "colour_loss",
    "kmeans",
    "multiscale_gradient_loss",
]
