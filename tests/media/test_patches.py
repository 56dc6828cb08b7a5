import numpy as np

from unio.media import audio_patches, image_patches, patch_mask


def test_picture_patches_are_row_major_and_channel_last():
    pixels = np.arange(4 * 6 * 3, dtype=np.float32).reshape(4, 6, 3)
    patches = image_patches(pixels, patch_size=2)
    assert patches.shape == (6, 12)
    np.testing.assert_array_equal(patches[1], pixels[0:2, 2:4].reshape(-1))
    np.testing.assert_array_equal(patches[3], pixels[2:4, 0:2].reshape(-1))


def test_sound_patches_run_over_time_then_mel():
    values = np.arange(4 * 6, dtype=np.float32).reshape(4, 6)
    patches = audio_patches(values, 2)
    np.testing.assert_array_equal(patches[1], [2, 3, 8, 9])
    np.testing.assert_array_equal(patches[3], [12, 13, 18, 19])


def test_mask_is_taken_at_half_pixel_centres():
    # Patches of 4: their middles are pixels 2 and 6.
    mask = np.zeros((8, 8), np.bool_)
    mask[2:, 3:] = True
    np.testing.assert_array_equal(patch_mask(mask, patch_size=4), [False, True, False, True])
    mask[2, 2] = True
    np.testing.assert_array_equal(patch_mask(mask, patch_size=4), [True, True, False, True])


def test_odd_patches_have_their_middle_pixel():
    mask = np.zeros((3, 6), np.bool_)
    mask[1, 4] = True
    np.testing.assert_array_equal(patch_mask(mask, patch_size=3), [False, True])
