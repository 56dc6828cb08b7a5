import numpy as np
import pytest

from unio.schema import Waveform

SOUND = Waveform(samples=np.zeros(8, np.float32), rate=16000)


def test_the_first_tag_is_the_label(answers):
    made = answers("audio_tag", {"audio": SOUND, "tags": ("metal", "large", "2 hits")})
    assert made.example.prompt.endswith("<audio_input>")
    assert made.perfect == {"accuracy": 1.0, "tag_f1": 1.0}
    assert made.score(text="metal, small, 2 hits") == pytest.approx({"accuracy": 1.0, "tag_f1": 2 / 3})
    assert made.score(text="large, metal")["accuracy"] == 0.0
    assert made.score(text="") == {"accuracy": 0.0, "tag_f1": 0.0}
