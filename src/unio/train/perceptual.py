"""Which perceptual loss a codec is trained with, chosen in its file (spec section 11).

``gradients`` needs nothing and is the default. ``encoder`` takes the ViT (for sounds the AST) of a model
folder, such as the bundled unio-nano: a feature network that every install has. ``vgg16`` is LPIPS, for
whoever has VGG16's weights: none come with the package.
"""

from functools import partial
from pathlib import Path
from typing import Annotated, Literal, cast

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from unio.codecs.training import FeatureLoss, PerceptualLoss, multiscale_gradient_loss
from unio.codecs.training.vgg16 import BLOCKS, load_linear_weights, load_vgg16
from unio.core import Config
from unio.media.normalise import CLIP_MEAN, CLIP_STD
from unio.model import UnifiedIO, load_model
from unio.model.patch_encoder import PatchEncoder, PatchFeatureMaps
from unio.schema import AudioGeometry

__all__ = ["EncoderLoss", "GradientLoss", "PerceptualChoice", "VGG16Loss", "make_perceptual"]


class GradientLoss(Config):
    """Differences of neighbours at several resolutions."""

    kind: Literal["gradients"] = Field(default="gradients", description="Needs no network.")
    scales: int = Field(default=3, gt=0, description="Resolutions, each half of the one before.")


class EncoderLoss(Config):
    """Features of the ViT, or of the AST for sounds."""

    kind: Literal["encoder"] = Field(description="Patch features of a model's encoder.")
    folder: Path = Field(description="Folder of a model, such as src/unio/assets/nano.")


class VGG16Loss(Config):
    """LPIPS on VGG16, whose weights you bring."""

    kind: Literal["vgg16"] = Field(description="Features of VGG16.")
    weights: Path = Field(description="Torchvision's weights of vgg16: .safetensors or .pth.")
    linear: Path | None = Field(
        default=None, description="LPIPS's weights of the features (its vgg.pth); None: all count alike."
    )


PerceptualChoice = Annotated[GradientLoss | EncoderLoss | VGG16Loss, Field(discriminator="kind")]


def make_perceptual(
    choice: PerceptualChoice, *, geometry: AudioGeometry, device: torch.device
) -> PerceptualLoss:
    """The loss. ``geometry`` is that of the sounds whose normalised log-mels are compared.

    Raises ``WeightsError`` for weights that cannot be read.
    """
    match choice:
        case GradientLoss():
            return partial(multiscale_gradient_loss, num_scales=choice.scales)
        case EncoderLoss():
            model = load_model(choice.folder).eval().requires_grad_(False).to(device)
            return FeatureLoss(partial(encoder_features, model=model, geometry=geometry))
        case VGG16Loss():
            network = load_vgg16(choice.weights).to(device)
            widths = [block[-1] for block in BLOCKS]
            weights = None if choice.linear is None else load_linear_weights(choice.linear, widths=widths)
            moved = None if weights is None else [one.to(device) for one in weights]
            return FeatureLoss(network, weights=moved)


def encoder_features(
    media: Float[Tensor, "batch channels height width"], *, model: UnifiedIO, geometry: AudioGeometry
) -> list[Float[Tensor, "batch dim patches"]]:
    """Features of the second and of the last block, of pictures in [-1, 1] or normalised log-mels.

    Sides that are no multiple of the patch lose their rest at the bottom and the right.
    """
    if media.shape[1] == 1:
        name, size = "audio", model.config.geometry.audio.patch_size
        mels = media * geometry.target_std + geometry.target_mean
        values = (mels - model.config.geometry.audio.input_mean) / model.config.geometry.audio.input_std
    else:
        name, size = "image", model.config.geometry.image.patch_size
        mean, deviation = (
            torch.as_tensor(one, device=media.device).view(1, 3, 1, 1) for one in (CLIP_MEAN, CLIP_STD)
        )
        values = ((media + 1) / 2 - mean) / deviation
    down, across = media.shape[2] // size, media.shape[3] // size
    patches = _patches(values[:, :, : down * size, : across * size], size)
    count = patches.shape[1]
    encoder = cast(PatchEncoder, model.get_submodule(f"input_embedders.{name}.encoder"))
    maps: PatchFeatureMaps = encoder(
        patches,
        mask=torch.ones(len(media), count, dtype=torch.bool, device=media.device),
        positions=torch.arange(count, device=media.device).expand(len(media), count),
        grid=(down, across),
    )
    return [maps.second.transpose(1, 2), maps.last.transpose(1, 2)]


def _patches(
    values: Float[Tensor, "batch channels height width"], size: int
) -> Float[Tensor, "batch patches values"]:
    """As `unio.media.image_patches` cuts: row-major, each flattened as (row, column, channel)."""
    blocks = values.unfold(2, size, size).unfold(3, size, size)
    return blocks.permute(0, 2, 3, 4, 5, 1).flatten(3).flatten(1, 2)
