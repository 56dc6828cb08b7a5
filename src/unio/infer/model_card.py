"""The ``README.md`` of a saved model: what it is, how large, how it is used."""

import torch

from unio.model import MODALITY_SETS, ModelConfig, weight_bytes
from unio.model.tensor_files import TensorSpec

__all__ = ["CARD_FILE", "model_card"]

CARD_FILE = "README.md"


def model_card(name: str, config: ModelConfig, specs: dict[str, TensorSpec]) -> str:
    """The card of a model with these parameters, as Markdown with the hub's header."""
    count = sum(spec.count for spec in specs.values())
    codecs = sum(
        spec.count for key, spec in specs.items() if key.startswith(("image_codec.", "audio_codec."))
    )
    dtypes = " and ".join(sorted({str(spec.dtype).removeprefix("torch.") for spec in specs.values()}))
    trunk, image, audio = config.trunk, config.geometry.image, config.geometry.audio
    seconds = audio.segment_samples / audio.sample_rate
    rows = "\n".join(
        f"| {use} | {_gigabytes(specs, torch.float32, modalities)} | "
        f"{_gigabytes(specs, torch.bfloat16, modalities)} |"
        for use, modalities in MODALITY_SETS.items()
    )
    return f"""---
library_name: unio
pipeline_tag: any-to-any
---

# {name}

A Unified-IO 2 model (arXiv 2312.17172) in unio's format: {count / 1e6:,.1f} M parameters, of which
{codecs / 1e6:,.1f} M are its codecs, stored as {dtypes}.

- Trunk: {trunk.encoder_layers} encoder and {trunk.decoder_layers} decoder layers, width {trunk.dim}.
- Pictures: {image.input_size} pixels in, {image.target_size} out.
- Sounds: {seconds:.2f} s at {audio.sample_rate} Hz.
- Texts: {config.geometry.text_length} tokens in and out.

```python
import unio

predictor = unio.load("path/to/this/folder")
print(predictor.run("caption", image="desk.jpg").text)
```

Memory of the weights in GB, by what is loaded (`modalities=`) and the trunk's dtype; decoding needs more.

| | float32 | bfloat16 |
|---|---|---|
{rows}

The licence is that of the weights this folder was made from.
"""


def _gigabytes(specs: dict[str, TensorSpec], dtype: torch.dtype, modalities: tuple[str, ...]) -> str:
    return f"{weight_bytes(specs, dtype=dtype, modalities=modalities) / 1e9:.2f}"
