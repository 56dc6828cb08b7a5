import numpy as np
from synthetic import GEOMETRY

from unio.data.collate import collate, encoder_length
from unio.schema import Features, InputModality, Paradigm, PatchFeatures, TargetFeatures, TargetModality


def patches(frames: int, count: int, masked: int = 0, fill: float = 1.0) -> PatchFeatures:
    mask = np.ones((frames, count), dtype=bool)
    mask[:, count - masked :] = False
    return PatchFeatures(
        patches=np.full((frames, count, 5), fill, dtype=np.float32),
        mask=mask,
        positions=np.tile(np.arange(count), (frames, 1)),
    )


def ids(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def test_text_is_padded_to_the_longest() -> None:
    batch = collate(
        [Features(task="a", text=ids(5, 1)), Features(task="b", text=ids(6, 7, 1))], geometry=GEOMETRY
    )
    text = batch.streams[InputModality.TEXT]
    assert text.values.tolist() == [[5, 1, 0], [6, 7, 1]]
    assert text.mask.tolist() == [[True, True, False], [True, True, True]]
    assert text.positions.tolist() == [[0, 1, 2], [0, 1, 2]]
    assert text.rows.tolist() == [0, 1]
    assert (batch.size, batch.encoder_length, batch.tasks) == (2, 3, ("a", "b"))
    assert not batch.targets


def test_streams_hold_only_the_examples_that_have_them() -> None:
    batch = collate(
        [
            Features(task="a", text=ids(1)),
            Features(task="b", text=ids(1), image=patches(1, 4, masked=1)),
            Features(task="c", text=ids(1), image=patches(1, 2, fill=2.0)),
        ],
        geometry=GEOMETRY,
    )
    image = batch.streams[InputModality.IMAGE]
    assert image.rows.tolist() == [1, 2]
    assert image.values[:, :, 0].tolist() == [[1, 1, 1, 1], [2, 2, 0, 0]]
    assert image.mask.tolist() == [[True, True, True, False], [True, True, False, False]]
    assert image.positions.tolist() == [[0, 1, 2, 3], [0, 1, 0, 0]]
    assert set(batch.streams) == {InputModality.TEXT, InputModality.IMAGE}
    assert batch.encoder_length == 1 + 3


def test_history_is_padded_in_frames_and_counts_latents() -> None:
    long = Features(task="a", text=ids(2, 1), image_history=patches(3, 2))
    short = Features(task="b", text=ids(1), audio_history=patches(1, 2), image_history=patches(1, 2))
    batch = collate([long, short], geometry=GEOMETRY)
    history = batch.streams[InputModality.IMAGE_HISTORY]
    assert history.values.shape == (2, 3, 2, 5)
    assert history.mask.any(axis=2).tolist() == [[True, True, True], [True, False, False]]
    assert encoder_length(long, geometry=GEOMETRY) == 2 + 3 * 2  # 2 latents a frame
    assert encoder_length(short, geometry=GEOMETRY) == 1 + 1 * 2 + 1 * 3  # 3 latents a segment
    assert batch.encoder_length == 8


def test_history_frame_without_a_valid_patch_has_no_latents() -> None:
    one = Features(task="a", text=ids(1), image_history=patches(2, 3, masked=3))
    assert encoder_length(one, geometry=GEOMETRY) == 1


def test_targets_are_grouped_by_modality() -> None:
    media = np.ones((16, 16, 3), dtype=np.float32)
    mel = np.ones((16, 16), dtype=np.float32)
    targets = [
        TargetFeatures(modality=TargetModality.IMAGE, media=media),
        TargetFeatures(modality=TargetModality.TEXT, ids=ids(9, 1)),
        TargetFeatures(modality=TargetModality.AUDIO, media=mel),
        TargetFeatures(modality=TargetModality.TEXT, ids=ids(1)),
    ]
    batch = collate([Features(task="t", text=ids(1), target=one) for one in targets], geometry=GEOMETRY)
    text, image, audio = (batch.targets[modality] for modality in TargetModality)
    assert text.ids is not None
    assert text.ids.tolist() == [[9, 1], [1, 0]]
    assert text.mask.tolist() == [[True, True], [True, False]]
    assert text.rows.tolist() == [1, 3]
    assert image.media is not None
    assert image.media.shape == (1, 16, 16, 3)
    assert image.ids is None
    assert image.mask.shape == (1, 4)  # 2 x 2 codes
    assert image.rows.tolist() == [0]
    assert audio.mask.shape == (1, 4)
    assert audio.rows.tolist() == [2]


def test_lengths_are_rounded_up_to_a_multiple() -> None:
    target = TargetFeatures(modality=TargetModality.TEXT, ids=ids(4, 4, 1))
    one = Features(task="t", text=ids(4, 4, 4, 4, 1), target=target)
    batch = collate([one], geometry=GEOMETRY, multiple=4)
    assert batch.streams[InputModality.TEXT].values.shape == (1, 8)
    assert batch.encoder_length == 8
    assert batch.targets[TargetModality.TEXT].mask.shape == (1, 4)


def test_hidden_codes_are_stacked_and_none_costs_nothing() -> None:
    hidden = np.array([True, False, False, True])
    media = np.zeros((16, 16, 3), dtype=np.float32)

    def drawn(codes: np.ndarray | None) -> Features:
        target = TargetFeatures(modality=TargetModality.IMAGE, media=media, hidden=codes)
        paradigm = Paradigm.SEQUENTIAL if codes is None else Paradigm.REGULAR
        return Features(task="paint", text=np.array([5, 1]), target=target, paradigm=paradigm)

    batch = collate([drawn(None), drawn(hidden)], geometry=GEOMETRY)
    found = batch.targets[TargetModality.IMAGE].hidden
    assert found is not None
    assert found.tolist() == [[False] * 4, [True, False, False, True]]
    assert batch.paradigms == (Paradigm.SEQUENTIAL, Paradigm.REGULAR)
    assert collate([drawn(None)], geometry=GEOMETRY).targets[TargetModality.IMAGE].hidden is None
