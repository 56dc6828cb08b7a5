from unio.data.history import name_segments

PROMPT = "[Text] [S] What is heard? <image_input> <audio_input>"


def test_missing_pieces_come_before_the_current_sound():
    named = "[Text] [S] What is heard? <image_input> <audio_history_1> <audio_history_2> <audio_input>"
    assert name_segments(PROMPT, history=2) == named
    assert name_segments(named, history=2) == named
    assert name_segments(PROMPT, history=0) == PROMPT


def test_a_prompt_that_names_no_sound_stays():
    assert name_segments("[Text] [S] Well?", history=2) == "[Text] [S] Well?"
