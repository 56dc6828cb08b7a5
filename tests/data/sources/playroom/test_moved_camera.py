import math

import numpy as np

from unio.data.sources.playroom import moved_camera
from unio.data.sources.playroom.views import Setting, look, still_view
from unio.playroom import Camera


def test_the_pose_leads_from_the_first_view_to_the_second():
    for seed in range(6):
        setting = Setting(seed=seed, split="test", size=32)
        record = moved_camera.camera_record(setting, np.random.default_rng(0))
        first = still_view(setting)
        if record is None:
            continue
        polar, azimuth, distance = record["pose"]
        camera = first.scene.camera
        moved = Camera(
            azimuth=camera.azimuth + math.degrees(azimuth),
            elevation=camera.elevation - math.degrees(polar),
            distance=camera.distance + distance,
        )
        assert np.abs(look(first.scene, 32, camera=moved).frame.depth).max() > 0
        assert (record["image_history"][0] == first.frame.rgb).all()
        again = look(first.scene, 32, camera=moved).frame.rgb.astype(int)
        assert np.abs(again - record["image"]).mean() < 0.5
        assert abs(math.degrees(azimuth)) <= 75
        assert abs(distance) <= 0.2


def test_a_thing_alone_tells_too_little():
    alone = next(
        setting
        for seed in range(60)
        if len(still_view(setting := Setting(seed=seed, split="test", size=32)).sight) == 1
    )
    assert moved_camera.camera_record(alone, np.random.default_rng(0)) is None
