import numpy as np

from unio.data.showing.patches import GREY, picture_of_patches, spectrogram_of_patches
from unio.media import audio_patches, image_patches, normalise_clip
from unio.schema import AudioGeometry, PatchFeatures


def features(patches: np.ndarray, *, kept: list[int], valid: list[bool]) -> PatchFeatures:
    return PatchFeatures(
        patches=patches[kept][None], mask=np.array([valid]), positions=np.array([kept], dtype=np.int64)
    )


def test_patches_go_back_to_their_places() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (4, 6, 3), dtype=np.uint8)
    patches = image_patches(normalise_clip(pixels.astype(np.float32) / 255), patch_size=2)
    # Kept in any order; number 1 is there but padding, numbers 2 and 3 were left out.
    stream = features(patches, kept=[5, 0, 1, 4], valid=[True, True, False, True])
    shown = picture_of_patches(stream, 0, grid=(2, 3), patch_size=2)
    assert np.array_equal(shown[:2, :2], pixels[:2, :2])
    assert np.array_equal(shown[2:, 2:], pixels[2:, 2:])
    assert (shown[:2, 2:] == GREY).all()
    assert (shown[2:, :2] == GREY).all()


def test_a_spectrogram_shows_what_was_left_out_in_grey() -> None:
    geometry = AudioGeometry(window=64, hop=16, mels=16, frames=16, patch_size=8, code_patch=8)
    patches = audio_patches(np.full((16, 16), 1.5, np.float32), 8)
    # Patches are (time, mel): 0 and 1 are early, low and high.
    shown = spectrogram_of_patches(features(patches, kept=[1], valid=[True]), 0, geometry=geometry)
    height, width = shown.shape[:2]
    assert (shown[height // 2 :, : width // 2] == GREY).all()
    assert (shown[:, width // 2 :] == GREY).all()
    assert not (shown[: height // 2, : width // 2] == GREY).all()
