import numpy as np
import pytest

from unio.schema import Waveform


def test_telling_words_count(answers):
    record = {
        "audio": Waveform(samples=np.zeros(8, np.float32), rate=16000),
        "caption": "Something large of metal falls.",
        "facts": ("large", "metal"),
        "words": ("small", "large", "wood", "metal"),
    }
    made = answers("audio_caption", record)
    assert made.perfect == {"facts_f1": 1.0, "word_f1": 1.0}
    assert made.score(text="A large metal thing drops on the ground.")["facts_f1"] == 1.0
    assert made.score(text="A small metal thing.")["facts_f1"] == pytest.approx(0.5)
    assert made.score(text="Noise.")["facts_f1"] == 0.0
