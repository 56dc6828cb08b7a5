"""Fill a model from tensors under the reference's names, all of them or none (spec section 15)."""

from collections.abc import Mapping

from torch import Tensor

from unio.model.fill import fill_parameters
from unio.model.reference_names import from_reference
from unio.model.unified_io import UnifiedIO

__all__ = ["load_reference_state"]


def load_reference_state(model: UnifiedIO, state: Mapping[str, Tensor]) -> None:
    """Give every parameter of ``model`` its tensor of ``state``, whose names are the reference's.

    Raises ``WeightsError`` if a tensor is missing, unexpected or of the wrong shape; the model is
    unchanged then.
    """
    fill_parameters(model, {from_reference(name): tensor for name, tensor in state.items()})
