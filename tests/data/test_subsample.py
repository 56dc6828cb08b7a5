import numpy as np

from unio.data.subsample import keep_patches
from unio.schema import PatchFeatures


def features(mask: list[list[bool]]) -> PatchFeatures:
    frames, patches = len(mask), len(mask[0])
    positions = np.tile(np.arange(patches), (frames, 1))
    return PatchFeatures(
        patches=positions[..., None].astype(np.float32), mask=np.array(mask), positions=positions
    )


def test_valid_patches_are_preferred_and_stay_in_order() -> None:
    mask = [[True, False, True, False, True, False], [False, False, False, True, True, True]]
    kept = keep_patches(features(mask), share=0.5, rng=np.random.default_rng(0))
    assert kept.positions.tolist() == [[0, 2, 4], [3, 4, 5]]
    assert kept.mask.all()
    assert kept.patches[..., 0].tolist() == [[0, 2, 4], [3, 4, 5]]


def test_the_choice_is_random_and_reproducible() -> None:
    whole = features([[True] * 8])
    draws = [
        keep_patches(whole, share=0.5, rng=np.random.default_rng(seed)).positions.tolist()
        for seed in (1, 1, 2)
    ]
    assert draws[0] == draws[1]
    assert draws[0] != draws[2]


def test_at_least_one_patch_is_kept() -> None:
    assert keep_patches(features([[True] * 3]), share=0.1, rng=np.random.default_rng(0)).mask.shape == (1, 1)
