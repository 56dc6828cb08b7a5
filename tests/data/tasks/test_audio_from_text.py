import numpy as np

from unio.schema import Waveform


def test_the_judge_of_the_source_decides(answers):
    loud, soft = (Waveform(samples=np.full(8, level, np.float32), rate=16000) for level in (0.5, 0.1))
    record = {
        "description": "a metal ball falls",
        "sound": loud,
        "label": "metal",
        "judge": lambda sound: "metal" if sound.samples.max() > 0.3 else "wood",
    }
    made = answers("audio_from_text", record)
    assert made.example.target_audio is loud
    assert "a metal ball falls" in made.example.prompt
    assert made.perfect == {"accuracy": 1.0}
    assert made.score(audio=soft) == {"accuracy": 0.0}
