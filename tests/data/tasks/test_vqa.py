import pytest


@pytest.mark.parametrize(("text", "accuracy"), [("Two.", 1.0), ("two balls", 0.0), ("", 0.0)])
def test_the_answer_must_have_the_words_of_the_truth(wide, answers, text, accuracy):
    made = answers("vqa", {"image": wide, "question": "How many balls?", "answer": "two", "kind": "count"})
    assert made.perfect == {"accuracy": 1.0}
    assert made.score(text=text) == {"accuracy": accuracy}
