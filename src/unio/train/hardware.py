"""Peak speeds of GPUs in dense bf16 products, the denominators of MFU (makers' data sheets)."""

import torch

__all__ = ["PEAK_TFLOPS", "peak_flops"]

PEAK_TFLOPS: dict[str, float] = {
    "B200": 2250.0,
    "H200": 989.4,
    "H100 PCIe": 756.0,
    "H100": 989.4,
    "A100": 312.0,
    "L40S": 362.0,
    "A10G": 70.0,
    "RTX 4090": 165.2,
    "RTX 3090": 71.0,
    "V100": 125.0,
    "T4": 65.0,
}
"""Part of a device's name -> TFLOP/s; the first that fits counts."""


def peak_flops(device: torch.device, *, given_tflops: float | None = None) -> float | None:
    """FLOP/s of ``device``: what is given, or what the table has for its name; None if neither is known."""
    if given_tflops is not None:
        return given_tflops * 1e12
    if device.type != "cuda":
        return None
    name = torch.cuda.get_device_name(device)
    return next((peak * 1e12 for part, peak in PEAK_TFLOPS.items() if part in name), None)
