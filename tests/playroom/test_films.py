import numpy as np
import pytest

from unio.core import InputError
from unio.playroom.films import FILM_FRAMES, Verb, film
from unio.playroom.language.films import FILM_WORDS, film_caption, film_facts, film_question


@pytest.mark.parametrize("verb", ["fall", "roll", "hit", "slide", "lift"])
def test_a_film_shows_what_it_says(verb: Verb) -> None:
    made = film(1, "test", verb=verb)
    assert len(made.scenes) == FILM_FRAMES
    assert len(made.episode.waveform.samples) == 32512
    heights = [scene.things[made.mover].position[2] for scene in made.scenes]
    partners = {
        contact.other if contact.thing == made.mover else contact.thing
        for contact in made.episode.contacts
        if made.mover in (contact.thing, contact.other)
    }
    if verb == "fall":
        assert heights[0] - heights[-1] > 0.08
        assert partners == {-1}
    elif verb == "roll":
        assert partners <= {-1}
    elif verb == "hit":
        assert made.other in partners
    elif verb == "lift":
        assert max(heights) - heights[0] > 0.05
        assert made.goal is not None


def test_caption_facts_and_answers_are_of_the_film() -> None:
    made = film(1, "test", verb="slide")
    mover = made.episode.scenes[0].things[made.mover]
    rng = np.random.default_rng(0)
    for _ in range(8):
        words = film_caption(made, rng).lower().strip(".").split()
        assert {word for word in words if word in FILM_WORDS} == set(film_facts(made))
        asked = film_question(made, rng)
        truth = {"colour": mover.colour, "shape": mover.shape, "action": "slide"}
        assert made.other is not None
        other = made.episode.scenes[0].things[made.other].shape
        assert asked.answer == truth.get(asked.kind, other)


def test_an_unknown_verb_is_refused() -> None:
    with pytest.raises(InputError, match="unknown verb: got 'fly'"):
        film(0, "test", verb="fly")  # type: ignore[arg-type]
