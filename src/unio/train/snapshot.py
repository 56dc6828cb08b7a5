"""Copies of tensors on the CPU, taken at a step boundary, so that writing them can go on beside training."""

from torch import Tensor
from torch.distributed.device_mesh import DeviceMesh
from torch.distributed.tensor import DTensor

from unio.train.checkpoint import Parts

__all__ = ["snapshot"]


def snapshot(parts: Parts) -> Parts:
    """``parts`` copied to the CPU: what training changes later does not show in it.

    A sharded tensor stays sharded: each process copies its own share. Every process must call it.
    """
    meshes: dict[DeviceMesh, DeviceMesh] = {}
    return {
        part: {key: _copy(value, meshes) for key, value in tensors.items()} for part, tensors in parts.items()
    }


def _copy(value: Tensor, meshes: dict[DeviceMesh, DeviceMesh]) -> Tensor:
    value = value.detach()
    if not isinstance(value, DTensor):
        return value.to("cpu", copy=True).contiguous()
    mesh = value.device_mesh
    if mesh not in meshes:
        meshes[mesh] = _on_cpu(mesh)
    return DTensor.from_local(
        value.to_local().to("cpu", copy=True).contiguous(),
        meshes[mesh],
        value.placements,
        run_check=False,
        shape=value.shape,
        stride=value.stride(),
    )


def _on_cpu(mesh: DeviceMesh) -> DeviceMesh:
    """The same processes in the same order, for tensors on the CPU."""
    if mesh.device_type == "cpu":
        return mesh
    return DeviceMesh("cpu", mesh.mesh, mesh_dim_names=mesh.mesh_dim_names)
