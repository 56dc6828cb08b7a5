import torch

from unio.train.hardware import PEAK_TFLOPS, peak_flops


def test_what_is_given_counts() -> None:
    assert peak_flops(torch.device("cpu"), given_tflops=0.5) == 5e11


def test_the_peak_of_a_cpu_is_not_known() -> None:
    assert peak_flops(torch.device("cpu")) is None


def test_a_longer_name_comes_before_its_beginning() -> None:
    names = list(PEAK_TFLOPS)
    assert names.index("H100 PCIe") < names.index("H100")
