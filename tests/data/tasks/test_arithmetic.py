import pytest


@pytest.mark.parametrize(("text", "accuracy"), [("22", 1.0), (" 22. ", 1.0), ("2", 0.0), ("-22", 0.0)])
def test_the_number_must_be_exact(answers, text, accuracy):
    made = answers("arithmetic", {"expression": "17 + 5", "result": "22"})
    assert made.perfect == {"accuracy": 1.0}
    assert made.score(text=text) == {"accuracy": accuracy}
