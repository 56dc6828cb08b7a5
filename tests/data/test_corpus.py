from synthetic import SyntheticSource

from unio.data.corpus import TextMaker, collect_texts
from unio.data.mixture import Mixture

MAKER = TextMaker(source=SyntheticSource(), mixture=Mixture(weights={"name": 1, "paint": 1}), seed=4)


def test_prompts_and_text_targets_are_collected() -> None:
    texts = [text for index in range(20) for text in MAKER.make(index)]
    assert collect_texts(MAKER, count=20, workers=0) == texts
    assert {"red", "green", "blue"} <= set(texts)
    assert any(text.startswith("what") for text in texts)


def test_workers_change_nothing_but_the_speed() -> None:
    counted: list[int] = []
    texts = collect_texts(MAKER, count=300, workers=1, report=counted.append)
    assert texts == collect_texts(MAKER, count=300, workers=0)
    assert counted == [256, 300]
