"""Edits: a scene with one thing changed or gone, everything else bit for bit the same."""

from dataclasses import replace

from unio.playroom.resting import heading, rest
from unio.playroom.scene import Scene
from unio.playroom.things import Colour, Material, Shape, Size, Thing

__all__ = ["change_material", "change_shape", "change_size", "recolour", "remove"]


def recolour(scene: Scene, index: int, colour: Colour) -> Scene:
    """The scene with the thing at ``index`` in another colour."""
    return _with(scene, index, replace(scene.thing(index), colour=colour))


def change_material(scene: Scene, index: int, material: Material) -> Scene:
    """The scene with the thing at ``index`` of another material."""
    return _with(scene, index, replace(scene.thing(index), material=material))


def change_shape(scene: Scene, index: int, shape: Shape) -> Scene:
    """The scene with another shape of the same size resting where the thing at ``index`` rested."""
    old = scene.thing(index)
    return _with(scene, index, rest(replace(old, shape=shape, joints=()), old.position[:2], heading(old)))


def change_size(scene: Scene, index: int, size: Size) -> Scene:
    """The scene with the thing at ``index`` in another size, resting where it rested."""
    old = scene.thing(index)
    return _with(scene, index, rest(replace(old, size=size), old.position[:2], heading(old)))


def remove(scene: Scene, index: int) -> Scene:
    """The scene without the thing at ``index``; later things move up by one."""
    scene.thing(index)
    return scene.replace(things=scene.things[:index] + scene.things[index + 1 :])


def _with(scene: Scene, index: int, thing: Thing) -> Scene:
    return scene.replace(things=(*scene.things[:index], thing, *scene.things[index + 1 :]))
