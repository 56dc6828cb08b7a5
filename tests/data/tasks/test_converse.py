import numpy as np

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
    found = answers("converse_image", {"prompt": "Again.", "answer": wide, "image": wide})
    assert found.perfect == {"near": 1.0}
    assert found.score(image=np.zeros((5, 5, 3), np.uint8))["near"] < 1
    blind = answers("converse_image", {"prompt": "Draw.", "answer": wide})
    assert blind.score(image=wide[:10])["near"] == 0


def test_sounds(answers):
    time = np.arange(16000) / 16000
    tone = Waveform(samples=np.sin(2 * np.pi * 440 * time).astype(np.float32), rate=16000)
    silence = Waveform(samples=np.zeros(16000, np.float32), rate=16000)
    found = answers("converse_audio", {"prompt": "Hum.", "answer": tone})
    assert found.perfect["correlation"] > 0.99
    assert found.score(audio=silence)["correlation"] < 0.5
