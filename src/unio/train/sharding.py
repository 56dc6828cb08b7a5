"""Weights, gradients and optimiser states spread over processes: FSDP2, or HSDP with several replicas.

A unit is gathered as its forward begins and freed as it ends. Every layer of the trunk is a unit, and
so are the two matrices of each cross-attention that the decoder calls ahead of their layer; the
ViT and the AST are one each, and the root holds what is left. The codecs are not trained: each process
keeps them whole.
"""

import warnings
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from typing import Any, cast

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.distributed.device_mesh import DeviceMesh, init_device_mesh
from torch.distributed.fsdp import FSDPModule, fully_shard, register_fsdp_forward_method
from torch.distributed.tensor import DTensor

from unio.core import Config, ConfigError
from unio.model import UnifiedIO
from unio.train.processes import Processes

__all__ = ["ParallelConfig", "free_gathered", "full_tensors", "gathered", "shard_model", "whole"]


class ParallelConfig(Config):
    """How a model is laid over processes."""

    replicas: int = Field(
        default=1,
        gt=0,
        description="Groups of processes that each hold the whole model between them (HSDP); gradients "
        "cross from group to group. 1 spreads it over all processes.",
    )
    free_after_forward: bool = Field(
        default=True,
        description="Free a layer's gathered weights after its forward and gather them again for its "
        "backward: less memory, half as much traffic again.",
    )


def shard_model(
    model: UnifiedIO, config: ParallelConfig, *, processes: Processes, device: torch.device
) -> None:
    """Spread ``model`` over ``processes``, in place; its parameters become `DTensor`.

    Every process must hold the same weights before. Raises ``ConfigError`` if the processes cannot be
    divided into ``replicas``.
    """
    # Encoders leave out their first tokens, so what they return is a view; nothing changes it in place.
    warnings.filterwarnings("ignore", message="FSDP2-wrapped module .* returned a view tensor")
    mesh = _mesh(config, processes=processes, device=device)
    settings: dict[str, Any] = {"mesh": mesh, "reshard_after_forward": config.free_after_forward}
    for layer in cast(Iterable[Any], model.decoder.layers):
        attention = layer.cross_attention
        keys = [attention.key, attention.key_norm] if hasattr(attention, "key_norm") else [attention.key]
        fully_shard(keys, **settings)
        fully_shard(attention.value, **settings)
        fully_shard(layer, **settings)
    for layer in cast(Iterable[nn.Module], model.encoder.layers):
        fully_shard(layer, **settings)
    for encoder in (model.input_embedders.image.encoder, model.input_embedders.audio.encoder):
        fully_shard(encoder, **settings)
        register_fsdp_forward_method(encoder, "forward_packed")
    codecs = {value for codec in (model.image_codec, model.audio_codec) for value in codec.parameters()}
    fully_shard(model, mesh=mesh, reshard_after_forward=False, ignored_params=cast(Any, codecs))


@contextmanager
def gathered(model: nn.Module, config: ParallelConfig) -> Generator[None]:
    """Inside, every process holds all weights and can run the model by itself, without a backward.

    Nothing is exchanged inside, so that one process may do more than another. Every process must come in,
    where all wait for each other; ``config`` is what the model was spread by.
    """
    units = [module for module in model.modules() if isinstance(module, FSDPModule)]
    try:
        for unit in units:
            unit.set_reshard_after_forward(False, recurse=False)
            unit.unshard()
        yield
    finally:
        for unit in units:
            unit.set_reshard_after_forward(config.free_after_forward and unit is not model, recurse=False)
        free_gathered(model)


def free_gathered(model: nn.Module) -> None:
    """Free what a forward without a backward has left gathered; nothing to do where nothing is spread.

    The root keeps its weights from forward to backward. Left there, the next step would compute with
    them although the shares have changed, and the model would hold other parameters than its optimiser.
    """
    for module in model.modules():
        if isinstance(module, FSDPModule):
            module.reshard()


def whole(value: Tensor) -> Tensor:
    """The whole of a sharded tensor, on every process (all must call it); a plain one as it is."""
    return value.full_tensor() if isinstance(value, DTensor) else value


def full_tensors(module: nn.Module, *, processes: Processes) -> dict[str, Tensor]:
    """Every parameter of ``module``, whole and on the CPU, in the first process; nothing in the others.

    One parameter is gathered at a time. Every process must call it.
    """
    tensors: dict[str, Tensor] = {}
    for name, value in module.named_parameters():
        full = whole(value.detach())
        if processes.is_first:
            tensors[name] = full.cpu()
    return tensors


def _mesh(config: ParallelConfig, *, processes: Processes, device: torch.device) -> DeviceMesh:
    shards, rest = divmod(processes.size, config.replicas)
    if rest:
        raise ConfigError(
            "the processes cannot be divided into replicas",
            got=f"{processes.size} processes, parallel.replicas={config.replicas}",
            expected="a divisor of the number of processes",
        )
    if config.replicas == 1:
        return init_device_mesh(device.type, (shards,), mesh_dim_names=("shard",))
    return init_device_mesh(device.type, (config.replicas, shards), mesh_dim_names=("replica", "shard"))
