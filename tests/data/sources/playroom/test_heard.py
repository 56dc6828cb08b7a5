import numpy as np

from unio.data.sources.playroom import heard
from unio.data.sources.playroom.views import Setting


def test_texts_tags_and_label_agree_about_a_fall():
    for seed in range(4):
        setting = Setting(seed=seed, split="test", size=32)
        rng = np.random.default_rng(seed)
        asked = heard.from_text_record(setting, rng)
        tagged = heard.audio_tag_record(setting, rng)
        captioned = heard.audio_caption_record(setting, rng)
        material, size, _ = tagged["tags"]
        assert asked["label"] == material
        assert material in asked["description"]
        assert captioned["facts"] == (size, material)
        assert all(fact in captioned["caption"].lower() for fact in captioned["facts"])
        assert asked["sound"].samples is captioned["audio"].samples
        assert asked["judge"](asked["sound"]) == material
