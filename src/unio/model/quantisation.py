"""`quantise_decoder`: the decoder's matrices in 8 or 4 bits, for faster answers on a CPU.

The decoder alone, because its matrices are read anew for every token; the encoder runs once a request.
Embeddings, which are the output heads too, norms and codecs stay as they are.
"""

from collections.abc import Iterable
from typing import cast

from torch import nn

from unio.core import InputError
from unio.model.unified_io import UnifiedIO
from unio.nn.huge_pages import HugePages
from unio.nn.quantised_linear import GROUP, Int4Linear, Int8Linear, Quantisation, QuantisedLinear

__all__ = ["QUANTISATIONS", "check_quantisation", "quantise_decoder"]

QUANTISATIONS: dict[Quantisation, type[QuantisedLinear]] = {"int8": Int8Linear, "int4": Int4Linear}


def check_quantisation(quantise: str, *, device: str) -> Quantisation:
    """The name of a quantisation that runs on ``device``. Raises ``InputError`` for any other."""
    known: dict[str, Quantisation] = {name: name for name in QUANTISATIONS}
    if quantise not in known:
        raise InputError("unknown quantisation", got=repr(quantise), expected=", ".join(known))
    if device != "cpu":
        raise InputError(
            "quantised weights run on the CPU alone",
            got=f"quantise={quantise!r} with the device {device!r}",
            fix='give device="cpu", or leave quantise out and take dtype="bfloat16"',
        )
    return known[quantise]


def quantise_decoder(model: UnifiedIO, quantise: str) -> None:
    """Replace every matrix of the decoder, in place.

    One matrix at a time: memory never holds more than one of them twice. A quantised model answers, and
    is neither trained nor saved. Raises ``InputError`` for an unknown kind, for a model that is not on
    the CPU, and for sizes that the kernels do not take.
    """
    kind = QUANTISATIONS[check_quantisation(quantise, device=model.device.type)]
    matrices: dict[str, nn.Linear] = {
        name: part
        for name, part in cast(Iterable[tuple[str, nn.Module]], model.decoder.named_modules())
        if isinstance(part, nn.Linear)
    }
    for name, matrix in matrices.items():
        if matrix.in_features % GROUP or matrix.out_features % GROUP:
            raise InputError(
                f"the decoder's matrix {name} cannot be quantised",
                got=f"{matrix.in_features} inputs, {matrix.out_features} outputs",
                expected=f"multiples of {GROUP}",
            )
    # Only what is written takes memory, and no kind needs more than a byte a weight and its scales.
    pages = HugePages(sum(HugePages.room_for(matrix.weight) for matrix in matrices.values()))
    for name in list(matrices):
        parent, _, last = name.rpartition(".")
        quantised = kind.from_linear(matrices.pop(name))
        for key, buffer in list(quantised.named_buffers()):
            setattr(quantised, key, pages.move(buffer))
        setattr(model.decoder.get_submodule(parent), last, quantised)
