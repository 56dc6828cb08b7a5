import math

import numpy as np

from tests.data.tasks.conftest import squared
from unio.schema import Waveform


def test_words(answers):
    found = answers("converse", {"prompt": "Which can I eat?", "answer": "The red ones."})
    assert "Which can I eat?" in found.example.prompt
    assert found.perfect == {"word_f1": 1.0}
    assert found.score(text="the blue ones")["word_f1"] == 2 / 3


def test_media_stand_where_the_words_put_them(answers, wide):
    record = {"prompt": "<image_input> and?", "answer": "x", "image": wide, "image_history": (wide,)}
    found = answers("converse", record)
    assert found.example.prompt.count("<image_input>") == 1
    assert len(found.example.image_history) == 1


def test_pictures(answers, wide):
    given = np.zeros_like(wide)
    found = answers("converse_image", {"prompt": "Again.", "answer": wide, "image": given})
    assert found.perfect == {"change": 1.0, "near": 1.0}
    copied = found.score(image=squared(given))
    assert copied["change"] == 0
    assert copied["near"] < 1


def test_a_picture_out_of_words_alone_may_be_laid_out_in_any_way(answers, wide):
    found = answers("converse_image", {"prompt": "Draw.", "answer": wide})
    assert math.isnan(found.perfect["change"])
    assert found.perfect["near"] == 1.0
    halved = found.score(image=squared(wide)[::2, ::2])
    assert halved["near"] > 0.9, "compared in the size of the truth"


def test_sounds(answers):
    time = np.arange(16000) / 16000
    tone = Waveform(samples=np.sin(2 * np.pi * 440 * time).astype(np.float32), rate=16000)
    silence = Waveform(samples=np.zeros(16000, np.float32), rate=16000)
    found = answers("converse_audio", {"prompt": "Hum.", "answer": tone})
    assert found.perfect["correlation"] > 0.99
    assert found.score(audio=silence)["correlation"] < 0.5


def test_silence_and_near_silence_sound_alike(answers):
    time = np.arange(32000) / 16000
    struck = np.where(time < 0.5, np.sin(2 * np.pi * 440 * time), 0).astype(np.float32)
    faint = struck + np.float32(1e-7) * np.random.default_rng(0).standard_normal(32000).astype(np.float32)
    found = answers("converse_audio", {"prompt": "Hit it.", "answer": Waveform(samples=struck, rate=16000)})
    assert found.score(audio=Waveform(samples=faint, rate=16000))["correlation"] > 0.99
