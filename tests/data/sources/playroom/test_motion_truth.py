"""Every caption, question, box, sound and action of the moving families against the simulator's state.

Ten scenes of each split; the long form, with 200, is `make truth`.
"""

import os
import re

import numpy as np
import pytest

from tests.data.sources.playroom.motion_truth import (
    box_fits,
    first_to_move,
    index_of,
    is_beside,
    named,
    places,
    relation_holds,
    verb_of,
)
from unio.core import random_stream
from unio.data.sources.playroom import counted, filmed, followed, handled, placed, spoken, walked
from unio.data.sources.playroom.views import Setting
from unio.playroom import render
from unio.playroom.bodies import nominal_mass
from unio.playroom.films import has_doll
from unio.playroom.grasping import PickPlace, apply_pick_place
from unio.playroom.language.sentences import SPOKEN_SLOTS
from unio.playroom.pick_problems import pick_problem
from unio.playroom.sound import impact_sound
from unio.playroom.speech import can_speak
from unio.playroom.things import COLOURS, MATERIALS, is_novel

SCENES = int(os.environ.get("UNIO_TRUTH_SCENES", "10"))
FIRST = int(os.environ.get("UNIO_TRUTH_FIRST", "0"))
SIZE = 64
SPLITS = ("train", "test", "novel")
VERB_WORDS = {"falls": "fall", "rolls": "roll", "hits": "hit", "slides": "slide", "lifted": "lift"}
GOAL = re.compile(r"\b(on|into|in front of|behind|to the left of|to the right of|in) (?:a|an|the) ")


def settings(split):
    for seed in range(FIRST, FIRST + SCENES):
        yield Setting(seed=seed, split=split, size=SIZE, world="full"), np.random.default_rng(seed)


def check_split(scene, split):
    held_out = [is_novel(thing.colour, thing.shape, thing.material) for thing in scene.things]
    assert any(held_out) if split == "novel" else not any(held_out)


def check_deed(episode, text, verb):
    """That a sentence's first thing does the verb, to its second."""
    before, after = episode.scenes[0], episode.scenes[-1]
    pairs = named(text)
    mover = index_of(before, pairs[0])
    assert mover == first_to_move(episode)
    assert verb_of(episode, mover) == verb
    if verb in ("fall", "roll"):
        assert len(pairs) == 1
        return
    other = index_of(before, pairs[1])
    if verb == "hit":
        assert any({c.thing, c.other} == {mover, other} for c in episode.contacts)
        first = min(c.time for c in episode.contacts if {c.thing, c.other} == {mover, other})
        assert is_beside(episode.scenes[round(first * 10)], mover, other, slack=0.15)
    elif verb == "slide":
        assert is_beside(after, mover, other)
    else:
        assert relation_holds(after, mover, GOAL.findall(text)[-1], other), text


@pytest.mark.parametrize("split", SPLITS)
def test_films_are_told_asked_about_and_named_truly(split):
    told = 0
    for setting, rng in settings(split):
        record = filmed.video_caption_record(setting, rng)
        if record is None:
            continue
        told += 1
        made = filmed.film_view(setting).made
        episode = made.episode
        check_split(episode.scenes[0], split)
        (verb,) = {VERB_WORDS[word] for word in re.findall(r"\w+", record["caption"]) if word in VERB_WORDS}
        check_deed(episode, record["caption"], verb)
        said = {word for word in re.findall(r"\w+", record["caption"].lower()) if word in record["words"]}
        assert said == set(record["facts"])
        assert filmed.DEEDS[verb] == filmed.video_class_record(setting, rng)["label"]
        assert len(record["image_history"]) == 4
        shown = (*record["image_history"], record["image"])
        for state, picture in zip((0, 5, 10, 15, 20), shown, strict=True):
            if state in (0, 20):
                assert (render(episode.scenes[state], size=SIZE).rgb == picture).all()
        check_question(filmed.video_vqa_record(setting, rng), episode)
    assert told >= 0.7 * SCENES


def check_question(record, episode):
    things = episode.scenes[0].things
    mover = first_to_move(episode)
    if record["kind"] in ("colour", "shape"):
        assert record["answer"] == getattr(things[mover], record["kind"])
    elif record["kind"] == "action":
        assert record["answer"] == verb_of(episode, index_of(episode.scenes[0], named(record["question"])[0]))
    else:
        near = [i for i in range(len(things)) if i != mover and things[i].shape == record["answer"]]
        touched = {i for c in episode.contacts for i in (c.thing, c.other) if mover in (c.thing, c.other)}
        assert any(i in touched or is_beside(episode.scenes[-1], mover, i, slack=0.4) for i in near)


@pytest.mark.parametrize("split", SPLITS)
def test_boxes_of_films_lie_on_their_things(split):
    for setting, rng in settings(split):
        record = followed.track_record(setting, rng)
        scenes = filmed.film_view(setting).made.scenes
        if record is not None:
            fitting = [
                index
                for index in range(len(scenes[0].things))
                if box_fits(record["first_box"], scenes[0], index, SIZE)
                and box_fits(record["box"], scenes[-1], index, SIZE)
            ]
            assert fitting
        record = followed.action_localise_record(setting, rng)
        if record is not None:
            episode = filmed.film_view(setting).made.episode
            mover = first_to_move(episode)
            assert box_fits(record["boxes"][0], scenes[-1], mover, SIZE)
            assert record["labels"] == (filmed.DEEDS[verb_of(episode, mover)],)


@pytest.mark.parametrize("split", SPLITS)
def test_sounds_of_falls_are_of_what_falls(split):
    right, count = 0, 0
    for setting, rng in settings(split):
        record = filmed.video_sound_record(setting, rng)
        if record is None:
            continue
        episode = filmed.film_view(setting, "fall").made.episode
        mover = first_to_move(episode)
        loud = max(episode.contacts, key=lambda contact: contact.impulse)
        assert mover in (loud.thing, loud.other)
        assert record["label"] == episode.scenes[0].things[mover].material
        check_onsets(record["sound"], [min(contact.time for contact in episode.contacts)])
        right += record["judge"](record["sound"]) == record["label"]
        count += 1
    print(f"{split}: the judge hears {right} of {count} materials")
    assert right >= 0.9 * count


def check_onsets(sound, times):
    """Before the first time there is silence; within 5 ms of each, a rise."""
    loud = np.abs(sound.samples)
    first = round(times[0] * sound.rate)
    assert loud[:first].max(initial=0) == 0
    for time in times:
        at = round(time * sound.rate)
        assert loud[at : at + 80].max(initial=0) > 1.05 * loud[max(at - 80, 0) : at].max(initial=0)


@pytest.mark.parametrize("split", SPLITS)
def test_the_loudest_thing_is_the_loudest(split):
    for setting, rng in settings(split):
        record = followed.sound_localise_record(setting, rng)
        if record is None:
            continue
        episode = followed._falls(setting)
        scene = episode.scenes[20]
        check_split(scene, split)
        energies = np.zeros(len(scene.things))
        for contact in episode.contacts:
            for index in {contact.thing, contact.other} - {-1}:
                thing = scene.things[index]
                ring = impact_sound(thing.material, thing.size, contact.impulse, np.random.default_rng(0))
                kept = ring[: max(0, round((episode.seconds - contact.time) * 16000))]
                energies[index] += float((kept.astype(np.float64) ** 2).sum())
        # Rings of one thing that follow each other may add up or cancel, which a sum of energies leaves out.
        loud = np.flatnonzero(energies >= 0.5 * energies.max())
        assert any(box_fits(record["box"], scene, int(index), SIZE) for index in loud)


@pytest.mark.parametrize("split", SPLITS)
def test_counted_hits_are_in_the_force_and_in_the_sound(split):
    for setting, rng in settings(split):
        record = counted.count_hits_record(setting, rng)
        if record is None:
            continue
        episode = counted.falling_things(setting)
        things = episode.scenes[0].things
        check_split(episode.scenes[0], split)
        loud: list[float] = []
        for contact in episode.contacts:
            partners = [things[i] for i in (contact.thing, contact.other) if i >= 0]
            least = 0.25 * min(nominal_mass(thing.material, thing.size) for thing in partners)
            if contact.impulse >= least and (not loud or contact.time - loud[-1] > 0.055):
                loud.append(contact.time)
        assert record["count"] == len(loud)
        check_onsets(record["audio"], [min(contact.time for contact in episode.contacts)])


@pytest.mark.parametrize("split", SPLITS)
def test_steps_of_walks_lead_to_the_goal(split):
    for setting, rng in settings(split):
        record = walked.navigate_record(setting, rng)
        walk = next(
            walk
            for walk in walked._expert_walk(setting)
            if (render(walk.view, size=SIZE).rgb == record["image"]).all()
            and walked.expert_step(walk) == record["action"]
        )
        check_split(walk.scene, split)
        assert index_of(walk.scene, named(record["instruction"])[0]) == walk.goal
        goal = np.array(walk.scene.things[walk.goal].position)
        seen = walk.view.camera.project(goal[None])
        away = np.linalg.norm(goal[:2] - walk.place)
        if record["action"] == "stop":
            assert away < 0.3 + 0.2
            assert seen.inside[0]
        elif record["action"] == "forward":
            assert abs(seen.points[0, 1] - 0.5) < 0.25
            assert np.linalg.norm(goal[:2] - walk.after("forward").place) < away
        elif seen.depth[0] > 0.1:
            assert (seen.points[0, 1] < 0.5) == (record["action"] == "left")
        assert record["succeeds"](record["action"])
        assert not record["succeeds"]("jump")


@pytest.mark.parametrize("split", SPLITS)
def test_picks_and_places_do_what_is_asked(split):
    succeeded, count = 0, 0
    for setting, rng in settings(split):
        record = placed.pick_place_record(setting, rng)
        if record is None:
            continue
        problem = placed._pick(setting)
        scene = problem.scene
        check_split(scene, split)
        mover, other = (index_of(scene, pair) for pair in named(record["instruction"]))
        pick_y, pick_x, _, place_y, place_x, _ = record["steps"][0] / SIZE
        ids = render(scene, size=96).ids
        assert ids[int(pick_y * 96), int(pick_x * 96)] == mover
        action = PickPlace(pick=(pick_y, pick_x), place=(place_y, place_x))
        after = apply_pick_place(scene, action, with_contacts=False).scenes[-1]
        words = GOAL.findall(record["instruction"])[-1]
        assert relation_holds(after, mover, words, other), record["instruction"]
        assert np.linalg.norm(np.subtract(after.things[mover].position, scene.things[mover].position)) > 0.02
        succeeded += record["succeeds"](record["steps"])
        count += 1
    print(f"{split}: the expert's pick and place succeeds in {succeeded} of {count}")
    assert succeeded == count


@pytest.mark.parametrize("split", SPLITS)
def test_states_after_a_deed_are_those_of_the_simulator(split):
    for setting, rng in settings(split):
        deed = placed.done_deed(setting)
        check_split(deed.before, split)
        goal, state = placed.goal_image_record(setting, rng), placed.next_state_record(setting, rng)
        for record in (goal, state):
            if record is None:
                continue
            mover, other = (index_of(deed.before, pair) for pair in named(record["instruction"]))
            words = GOAL.findall(record["instruction"])
            if deed.goal is None:
                assert is_beside(deed.after, mover, other)
            else:
                assert relation_holds(deed.after, mover, words[-1], other)
        if state is not None:
            assert index_of(deed.before, named(state["name"])[0]) == mover
            assert box_fits(state["box"], deed.after, mover, SIZE)
        if goal is not None:
            assert (goal["picture"] == render(deed.after, size=SIZE).rgb).all()


@pytest.mark.parametrize("split", SPLITS)
def test_moves_of_the_hand_are_those_of_the_thing(split):
    succeeded, count = 0, 0
    for setting, rng in settings(split):
        if count >= max(3, SCENES // 4):
            break
        if has_doll(pick_problem(setting.seed, split).scene):
            continue
        count += 1
        record, way = handled.manipulate_record(setting, rng), handled._expert_way(setting)
        if record is None:
            continue
        succeeded += 1
        place = next(
            place
            for place, one in enumerate(way)
            if (handled._picture(one.scene, SIZE) == record["image"]).all()
        )
        mover = way[0].problem.mover
        check_split(way[0].scene, split)
        assert index_of(way[0].scene, named(record["instruction"])[0]) == mover
        offset, closed = record["action"][:3] / 1000, record["action"][6]
        assert np.abs(offset).max() <= 0.0501
        assert closed == float(place + 1 < len(way))
        if place + 1 < len(way):
            here, there = (np.array(way[at].scene.things[mover].position) for at in (place, place + 1))
            camera = way[0].scene.camera
            right = camera.rotation[:, 0]
            away = np.array([right[1], -right[0], 0.0]) * np.sign(
                -camera.rotation[:2, 2] @ [right[1], -right[0]]
            )
            moved = np.array([(there - here) @ right, (there - here) @ away, there[2] - here[2]])
            assert moved == pytest.approx(offset, abs=0.02)
    print(f"{split}: the hand's expert succeeds in {succeeded} of {count}")
    # The expert does not always find a way. Of a few scenes one may fail; a share needs more than a few.
    assert succeeded >= min(0.8 * count, count - 1)


@pytest.mark.parametrize("split", SPLITS)
def test_questions_about_robots_are_answered_truly(split):
    for setting, rng in settings(split):
        record = placed.robot_vqa_record(setting, rng)
        if record is None:
            continue
        episode = filmed.film_view(setting, "lift" if setting.seed % 2 else "slide").made.episode
        check_split(episode.scenes[0], split)
        check_robot_answer(record, episode)


def check_robot_answer(record, episode):
    before, after = episode.scenes[0], episode.scenes[-1]
    mover = first_to_move(episode)
    verb = verb_of(episode, mover)
    if record["kind"] == "moved":
        assert index_of(before, named(record["answer"])[0]) == mover
    elif record["kind"] == "deed":
        assert record["answer"] == {"lift": "lift", "slide": "push"}[verb]
    elif record["kind"] == "where":
        other = index_of(before, named(record["answer"])[0])
        words = GOAL.findall(record["answer"] + " ")
        assert relation_holds(after, mover, words[0], other) if words else is_beside(after, mover, other)
    else:
        told, other = (index_of(before, pair) for pair in named(record["question"]))
        if verb == "lift":
            words = GOAL.findall(record["question"])[-1]
            holds = told == mover and relation_holds(after, told, words, other)
        else:
            moved = np.linalg.norm(places(episode)[-1, told] - places(episode)[0, told])
            holds = moved > 0.02 and is_beside(after, told, other)
        if record["answer"] == "yes":
            assert holds
        elif verb == "lift":
            assert not holds or words in ("on", "in", "into")
        else:
            assert (told, other) != (mover, nearest(after, mover))


def nearest(scene, index):
    gaps = [
        np.inf if i == index else np.linalg.norm(np.subtract(t.position, scene.things[index].position))
        for i, t in enumerate(scene.things)
    ]
    return int(np.argmin(gaps))


@pytest.mark.skipif(not can_speak(), reason="the extra speech is not installed")
@pytest.mark.parametrize("split", SPLITS)
def test_spoken_sentences_keep_the_split(split):
    vocabulary = {word for slot in SPOKEN_SLOTS for choice in slot for word in choice.split()}
    for setting, _ in settings(split):
        record = spoken.transcribe_record(setting, random_stream(setting.seed, "truth", split))
        words = record["transcript"].split()
        assert set(words) <= vocabulary
        assert 0.5 < record["audio"].seconds < 2.032
        material = [word for word in words if word in MATERIALS]
        colour = [word for word in words if word in COLOURS]
        held_out = bool(material) and is_novel(colour[0], words[-1], material[0])
        assert held_out == (split == "novel")
