import math
from dataclasses import replace

import pytest

from unio.evals.page import Card, Figure, Panel, Player, Strip, Words, compose_page
from unio.evals.page.compose import anchor, share_of_way
from unio.evals.summary import TaskSummary

PIXEL = "data:image/png;base64,AAAA"
CARD = Card(
    task="vqa",
    group="Look & tell",
    title="Question answering",
    prompt="Is 1 < 2?",
    panels=(
        Panel(heading="Input", items=(Figure(uri=PIXEL, caption="a scene"), Words(text="3 > 2"))),
        Panel(
            heading="Answer",
            items=(
                Player(uri="data:audio/wav;base64,BBBB", spectrogram=Figure(uri=PIXEL, caption="spectrum")),
            ),
        ),
    ),
    scores={"accuracy": 1.0, "not_measured": math.nan},
    seconds=0.25,
)


@pytest.fixture
def page(accuracy: TaskSummary, degrees: TaskSummary) -> str:
    return compose_page(
        [CARD, replace(CARD, group="Hear")],
        facts={"Model": "tiny <b>"},
        summaries=[accuracy, degrees],
        table_note="From 5 & 3 examples.",
    )


def test_texts_are_escaped(page: str) -> None:
    assert "Is 1 &lt; 2?" in page
    assert "3 &gt; 2" in page
    assert "tiny &lt;b&gt;" in page
    assert "From 5 &amp; 3 examples." in page
    assert "Look &amp; tell" in page


def test_every_group_is_linked_from_the_top(page: str) -> None:
    for name in ("look-tell", "hear", "scores"):
        assert f'href="#{name}"' in page
        assert f'id="{name}"' in page


def test_pictures_and_sounds_are_in_the_page(page: str) -> None:
    assert page.count(f'<img src="{PIXEL}"') == 4
    assert page.count('<audio controls preload="none" src="data:audio/wav;base64,BBBB">') == 2


def test_the_page_asks_the_network_for_nothing(page: str) -> None:
    assert "http" not in page
    assert "url(" not in page
    assert "@import" not in page


def test_a_score_that_is_not_a_number_is_left_out(page: str) -> None:
    assert "accuracy <b>1.00</b>" in page
    assert "not measured" not in page


def test_nothing_is_left_to_fill_in(page: str) -> None:
    assert "$" not in page


def test_a_caption_is_shown_only_when_asked_for() -> None:
    figures = (Figure(uri=PIXEL, caption="hidden"), Figure(uri=PIXEL, caption="shown", show_caption=True))
    card = replace(CARD, panels=(Panel(heading="Input", items=figures),))
    page = compose_page([card], facts={}, summaries=[], table_note="")
    assert "<figcaption>shown</figcaption>" in page
    assert "<figcaption>hidden</figcaption>" not in page


def test_frames_of_a_video_stand_in_one_strip() -> None:
    frames = tuple(Figure(uri=PIXEL, caption=f"frame {number}") for number in (1, 2, 3))
    card = replace(CARD, panels=(Panel(heading="Input", items=(Strip(frames=frames),)),))
    page = compose_page([card], facts={}, summaries=[], table_note="")
    strip = page[page.index('<div class="strip">') : page.index("</div>", page.index('<div class="strip">'))]
    assert strip.count("<img") == 3


def test_anchors_hold_only_letters_digits_and_dashes() -> None:
    assert anchor("Look & tell: 2 ways") == "look-tell-2-ways"


@pytest.mark.parametrize(
    ("score", "chance", "ceiling", "expected"),
    [
        (0.5, 0.2, 0.8, 0.5),
        (0.1, 0.2, 0.8, 0.0),
        (0.9, 0.2, 0.8, 1.0),
        (0.6, 0.2, None, 0.5),
        (1.0, 1.0, 1.0, 0.0),
        (0.9, 0.8, 0.2, 0.0),
    ],
)
def test_way_from_chance_to_ceiling(
    accuracy: TaskSummary, score: float, chance: float, ceiling: float | None, expected: float
) -> None:
    assert share_of_way(replace(accuracy, score=score, chance=chance, ceiling=ceiling)) == pytest.approx(
        expected
    )


def test_where_lower_is_better_the_way_leads_down(degrees: TaskSummary) -> None:
    assert share_of_way(replace(degrees, score=15.0, chance=60.0)) == pytest.approx(0.75)
