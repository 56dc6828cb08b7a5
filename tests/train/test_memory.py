import torch

from unio.train.memory import device_memory, peak_memory


def test_memory_is_told_in_bytes() -> None:
    assert peak_memory() > 10e6
    total = device_memory(torch.device("cpu"))
    assert total is None or total > peak_memory()
    assert device_memory(torch.device("meta")) is None
