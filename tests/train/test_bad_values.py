from dataclasses import replace

import numpy as np
import tiny

from unio.schema import InputModality, TargetModality
from unio.train.bad_values import describe_bad_values


def test_a_batch_of_numbers_has_nothing_to_tell() -> None:
    assert describe_bad_values(tiny.tiny_maker().make(0).batch) is None


def test_the_stream_and_the_task_are_named() -> None:
    batch = tiny.tiny_maker().make(0).batch
    stream = batch.streams[InputModality.IMAGE]
    values = stream.values.copy()
    values[-1, 0, 0] = np.nan
    bad = replace(batch, streams={**batch.streams, InputModality.IMAGE: replace(stream, values=values)})
    assert describe_bad_values(bad) == (
        "the image input of an example of task 'name' holds values that are not finite"
    )


def test_a_target_is_looked_at_too() -> None:
    batch = tiny.tiny_maker().make(0).batch
    target = batch.targets[TargetModality.AUDIO]
    bad = replace(target, media=np.full_like(target.media, np.inf))
    told = describe_bad_values(batch.with_targets({**batch.targets, TargetModality.AUDIO: bad}))
    assert told == "the audio target of an example of task 'hum' holds values that are not finite"


def test_a_packed_input_is_looked_at_too() -> None:
    batch = tiny.tiny_packer(maker=tiny.tiny_maker(text=1)).make(0).batch
    assert describe_bad_values(batch) is None
    assert batch.packing is not None
    frames = batch.packing.inputs.pictures
    assert frames is not None
    patches = frames.patches.copy()
    patches[-1] = np.nan
    inputs = replace(batch.packing.inputs, pictures=replace(frames, patches=patches))
    bad = replace(batch, packing=replace(batch.packing, inputs=inputs))
    assert describe_bad_values(bad) == (
        "the image input of an example of task 'name' holds values that are not finite"
    )
