import numpy as np

from unio.data.denoise.patches import hidden_codes, hide_patches
from unio.schema import PatchFeatures


def frame(mask: list[int]) -> PatchFeatures:
    positions = np.arange(len(mask))[None]
    return PatchFeatures(
        patches=positions[..., None].astype(np.float32),
        mask=np.array([mask], dtype=bool),
        positions=positions,
    )


def test_a_share_of_the_valid_patches_is_taken_out() -> None:
    left, hidden = hide_patches(frame([1, 1, 1, 1, 0, 0]), share=0.5, keep=1.0, rng=np.random.default_rng(0))
    assert hidden.sum() == 2
    assert not hidden[4:].any(), "padding is not there to be hidden"
    kept = np.flatnonzero(~hidden[:4]).tolist()
    assert left.positions.tolist() == [kept]
    assert left.patches[0, :, 0].tolist() == kept
    assert left.mask.all()


def test_what_sampling_leaves_out_is_hidden_too() -> None:
    left, hidden = hide_patches(frame([1] * 8), share=0.25, keep=0.5, rng=np.random.default_rng(0))
    assert left.mask.shape == (1, 4)
    assert hidden.sum() == 4


def test_one_patch_is_always_left() -> None:
    left, hidden = hide_patches(frame([1, 1, 1]), share=1.0, keep=1.0, rng=np.random.default_rng(0))
    assert left.mask.tolist() == [[True]]
    assert hidden.sum() == 2


def test_a_frame_without_valid_patches_stays() -> None:
    left, hidden = hide_patches(frame([0, 0]), share=0.5, keep=1.0, rng=np.random.default_rng(0))
    assert left.mask.tolist() == [[False, False]]
    assert not hidden.any()


def test_a_code_is_hidden_by_the_patch_under_its_centre() -> None:
    hidden = np.array([False, True])
    assert hidden_codes(hidden, patch_grid=(1, 2), code_grid=(1, 3)).tolist() == [False, True, True]
    # The released grids have 3 patches under 4 codes: centres at 3/8, 9/8, 15/8 and 21/8 of a patch.
    line = hidden_codes(np.array([False, True, False]), patch_grid=(3, 1), code_grid=(4, 1))
    assert line.tolist() == [False, True, True, False]


def test_codes_are_row_major_in_both_directions() -> None:
    hidden = np.array([[True, False], [False, False]])
    found = hidden_codes(hidden.ravel(), patch_grid=(2, 2), code_grid=(4, 2)).reshape(4, 2)
    assert found.tolist() == [[True, False], [True, False], [False, False], [False, False]]
