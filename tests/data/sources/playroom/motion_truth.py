"""What a film shows, read off the simulator's states by code of its own: no word of the makers is trusted."""

import math
import re

import numpy as np

from unio.playroom.things import ALL_SHAPES, COLOURS

NAME = re.compile(rf"\b({'|'.join(COLOURS)}) ({'|'.join(ALL_SHAPES)})\b")


def named(text):
    """(colour, shape) pairs in a text, in order."""
    return NAME.findall(text)


def index_of(scene, pair):
    """The one thing with a colour and a shape."""
    found = [i for i, thing in enumerate(scene.things) if (thing.colour, thing.shape) == tuple(pair)]
    assert len(found) == 1, f"{pair} names {len(found)} things"
    return found[0]


def places(episode):
    """(states, things, 3) positions."""
    return np.array([[thing.position for thing in scene.things] for scene in episode.scenes])


def first_to_move(episode, least=0.015):
    """The thing whose middle is first ``least`` metres off its place; of several, the furthest by then."""
    moved = np.linalg.norm(places(episode) - places(episode)[0], axis=2)
    state = int(np.argmax((moved > least).any(axis=1)))
    return int(moved[state].argmax())


def bottom(thing):
    """Height of the lowest corner of the thing's cuboid; of a ball, of the ball."""
    if thing.shape == "ball":
        return thing.position[2] - thing.half_extents[0]
    return float(thing.corners()[:, 2].min())


def verb_of(episode, mover):
    """What a thing does, from where it is ten times a second and what it touches."""
    way = places(episode)[:, mover]
    if bottom(episode.scenes[0].things[mover]) > 0.05 and way[-1, 2] < way[0, 2] - 0.05:
        on_something = [
            other
            for i, other in enumerate(episode.scenes[0].things)
            if i != mover and math.dist(other.position[:2], way[0, :2]) < 0.02
        ]
        if way[:, 2].max() < way[0, 2] + 0.01 and not on_something:
            return "fall"
    # A capsule that is pushed may rear up on its end: lifted is what leaves the ground it stood on.
    bottoms = [bottom(scene.things[mover]) for scene in episode.scenes]
    if max(bottoms) > bottoms[0] + 0.05:
        return "lift"
    touched = {
        c.other if c.thing == mover else c.thing for c in episode.contacts if mover in (c.thing, c.other)
    }
    starts_at_once = np.linalg.norm(way[1] - way[0]) > 0.02
    if starts_at_once and episode.scenes[0].things[mover].shape in ("ball", "capsule"):
        return "hit" if touched - {-1} else "roll"
    return "slide"


def circumradius(thing):
    return float(np.linalg.norm((thing.bounds[1] - thing.bounds[0]) / 2))


def is_beside(scene, first, second, slack=0.03):
    """Whether two things may be within ``slack`` of each other: spheres around them are."""
    one, other = scene.things[first], scene.things[second]
    return math.dist(one.position, other.position) <= circumradius(one) + circumradius(other) + slack


def relation_holds(scene, first, words, second):
    """A relation in words, as the scene's camera sees it: by projection and by depth, or by what is under."""
    one, other = scene.things[first], scene.things[second]
    camera = scene.camera
    flat = np.linalg.norm(np.subtract(one.position[:2], other.position[:2]))
    if words in ("on", "in", "into"):
        inside = flat < (other.half_extents[0] if other.shape == "bowl" else circumradius(other))
        return bool(inside and bottom(one) > 0.004 and one.position[2] > other.position[2] - 0.03)
    across = camera.project(np.array([one.position, other.position])).points[:, 1]
    view = -camera.rotation[:2, 2] / np.linalg.norm(camera.rotation[:2, 2])
    further = float(np.subtract(one.position[:2], other.position[:2]) @ view)
    return {
        "to the left of": across[0] < across[1],
        "to the right of": across[0] > across[1],
        "in front of": further < 0,
        "behind": further > 0,
    }[words]


def box_fits(box, scene, index, size, slack=2.0):
    """Whether a box (pixels) lies within the outline of the thing's cuboid as the camera projects it."""
    points = scene.camera.project(scene.things[index].corners()).points * size
    low, high = np.clip(points.min(axis=0), 0, size) - slack, np.clip(points.max(axis=0), 0, size) + slack
    return bool((box[:2] >= low).all() and (box[2:] <= high).all() and (box[2:] > box[:2]).all())
