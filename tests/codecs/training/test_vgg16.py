from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from unio.codecs.training.vgg16 import BLOCKS, VGG16, load_linear_weights, load_vgg16
from unio.core import WeightsError

SMALL = ((2, 3), (4,))


def tensors() -> dict[str, torch.Tensor]:
    # torchvision's sequence: convolution 0, rectifier 1, convolution 2, rectifier 3, pooling 4, convolution 5
    torch.manual_seed(0)
    shapes = {0: (2, 3), 2: (3, 2), 5: (4, 3)}
    weights = {f"features.{place}.weight": torch.randn(*shape, 3, 3) for place, shape in shapes.items()}
    return weights | {f"features.{place}.bias": torch.randn(shape[0]) for place, shape in shapes.items()}


@pytest.mark.parametrize("suffix", [".safetensors", ".pth"])
def test_torchvisions_names_are_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"vgg16{suffix}"
    held = tensors()
    save_file(held, path) if suffix == ".safetensors" else torch.save(held, path)
    network = load_vgg16(path, blocks=SMALL)
    pictures = torch.rand(2, 3, 4, 6)
    features = network(pictures)
    assert [tuple(one.shape) for one in features] == [(2, 3, 4, 6), (2, 4, 2, 3)]
    scaled = (pictures - network.get_buffer("shift")) / network.get_buffer("scale")
    first = torch.conv2d(scaled, held["features.0.weight"], held["features.0.bias"], padding=1).relu()
    second = torch.conv2d(first, held["features.2.weight"], held["features.2.bias"], padding=1).relu()
    torch.testing.assert_close(features[0], second)
    assert not any(value.requires_grad for value in network.parameters())


def test_it_has_vgg16s_parameters() -> None:
    with torch.device("meta"):
        network = VGG16()
    assert sum(value.numel() for value in network.parameters()) == 14_714_688
    assert [block[-1] for block in BLOCKS] == [64, 128, 256, 512, 512]


def test_one_channel_is_seen_as_three(tmp_path: Path) -> None:
    save_file(tensors(), tmp_path / "vgg16.safetensors")
    network = load_vgg16(tmp_path / "vgg16.safetensors", blocks=SMALL)
    grey = torch.rand(1, 1, 4, 4)
    assert torch.equal(network(grey)[1], network(grey.repeat(1, 3, 1, 1))[1])


def test_other_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.safetensors"
    with pytest.raises(WeightsError, match="cannot read"):
        load_vgg16(path)
    save_file({"features.0.weight": torch.zeros(1)}, path)
    with pytest.raises(WeightsError, match=r"has no VGG16: got features\.0\.weight: \(1,\)"):
        load_vgg16(path)
    with pytest.raises(
        WeightsError, match=r"no linear weights of LPIPS: got lin0\.model\.1\.weight: missing"
    ):
        load_linear_weights(path, widths=(2,))


def test_linear_weights_are_vectors(tmp_path: Path) -> None:
    path = tmp_path / "linear.safetensors"
    save_file(
        {"lin0.model.1.weight": torch.ones(1, 2, 1, 1), "lin1.model.1.weight": torch.zeros(1, 3, 1, 1)}, path
    )
    assert [one.tolist() for one in load_linear_weights(path, widths=(2, 3))] == [[1.0, 1.0], [0.0, 0.0, 0.0]]
