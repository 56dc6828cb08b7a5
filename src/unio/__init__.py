"""unio: one model that reads, sees, hears, writes, draws, sounds and acts.

The names below are imported when they are first used, so that ``import unio`` stays fast.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from unio.core import UnioError
    from unio.infer import Predictor, load
    from unio.media import Prediction
    from unio.schema import DecodingOptions, Example, ModelOutput, Waveform

__all__ = [
    "DecodingOptions",
    "Example",
    "ModelOutput",
    "Prediction",
    "Predictor",
    "UnioError",
    "Waveform",
    "__version__",
    "load",
]

__version__ = "0.1.0"

_HOMES = {
    "DecodingOptions": "unio.schema",
    "Example": "unio.schema",
    "ModelOutput": "unio.schema",
    "Prediction": "unio.media",
    "Predictor": "unio.infer",
    "UnioError": "unio.core",
    "Waveform": "unio.schema",
    "load": "unio.infer",
}


def __getattr__(name: str) -> Any:
    """A public name, imported from its room on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module 'unio' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names, imported or not."""
    return sorted({*globals(), *__all__})
