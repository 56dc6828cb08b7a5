import pytest

from unio.core import ConfigError, apply_overrides, validate_config
from unio.media import AudioLimits, ImageLimits, MediaLimits, VideoLimits


def test_each_kind_has_the_limits_of_its_reader():
    limits = MediaLimits()
    assert (limits.image, limits.audio, limits.video) == (ImageLimits(), AudioLimits(), VideoLimits())


def test_dotted_settings_reach_every_limit():
    settings = [
        "image.max_pixels=7",
        "audio.max_channels=3",
        "video.max_frames=20",
        "video.sound.max_seconds=9",
    ]
    limits = validate_config(MediaLimits, apply_overrides({}, settings), where="here")
    assert (limits.image.max_pixels, limits.audio.max_channels) == (7, 3)
    assert (limits.video.max_frames, limits.video.sound.max_seconds) == (20, 9.0)
    assert limits.video.max_seconds == 300.0


def test_what_is_no_limit_is_refused():
    with pytest.raises(ConfigError, match=r"here: unknown key 'image.depth'"):
        validate_config(MediaLimits, {"image": {"depth": 3}}, where="here")
    with pytest.raises(ConfigError, match=r"bad value at 'video.max_frames': got 0"):
        validate_config(MediaLimits, {"video": {"max_frames": 0}}, where="here")
