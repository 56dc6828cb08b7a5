"""Talk in free form about a picture: openings, earlier turns, answers in whole sentences."""

from dataclasses import dataclass

import numpy as np

from unio.playroom.language.captions import caption
from unio.playroom.language.drawing_lots import pick
from unio.playroom.language.naming import attributes_of, noun_phrase
from unio.playroom.language.questions import Question, question
from unio.playroom.language.sight import Sight
from unio.playroom.language.words import NUMBER_WORDS, joined, sentence, with_article

__all__ = ["Talk", "answer_sentence", "drawing_wish", "edit_wish", "picture_talk", "sound_talk", "sound_wish"]

PICTURE, SOUND = "<image_input>", "<audio_input>"

_OPENINGS = (
    "Hi! I took this picture: {picture}",
    "{picture} Look what I found on the floor.",
    "Could you look at this for me? {picture}",
    "{picture} I have a question about this.",
    "Here is a photo from this morning. {picture}",
    "My camera sees this: {picture}",
    "{picture} Let us talk about it.",
    "Please help me with this picture. {picture}",
)
_THANKS = ("Thanks!", "Good.", "I see.", "Oh, nice.", "Thank you. One more thing:", "And another question:")
_TOURS = (
    "Go through the things from left to right, please.",
    "What do I see if I look from left to right?",
    "List all of them in order, beginning on the left.",
    "Name them one after another, the leftmost first.",
)
_ACCOUNTS = (
    "I cannot see it myself. What is there, and how many things are that?",
    "Tell me what there is and how many things I have to carry.",
    "Describe it to a friend on the phone, and count the things for her.",
    "What would you write under this picture? Add the number of things.",
)
_COUNTS = ("I can see {count}.", "There {are} {count}.", "I count {count}.")
_YES = ("Yes, that is so.", "Yes.", "Yes, I can see that.")
_NO = ("No, that is not so.", "No.", "No, I cannot see that.")
_PLAIN = {
    "colour": ("It is {answer}.", "Its colour is {answer}.", "{Answer}, as far as I can see."),
    "size": ("It is {answer}.", "It is a {answer} one.", "Rather {answer}."),
    "material": ("It is made of {answer}.", "That is {answer}.", "{Answer}, I would say."),
    "shape": ("It is {a_answer}.", "That is {a_answer}.", "It looks like {a_answer}."),
    "carrying": ("It is {a_answer}.", "That is {a_answer}.", "It looks like {a_answer}."),
}
_SIDES = {
    "left": "On the left.",
    "right": "On the right.",
    "front": "In front of it.",
    "behind": "Behind it.",
}
_HEARD = (
    "{sound} What was that? It startled me.",
    "I was in the next room. What happened here? {sound}",
    "Listen: {sound} What do you think it was?",
    "{sound} My cat ran away from this noise. What is it?",
)
_DRAW = (
    "I would love to have a picture of {things}.",
    "For a birthday card: {things}. Can you draw that?",
    "Close your eyes and think of {things}. Now show me what you see.",
    "I dreamt of {things}. What did it look like?",
)
_EDIT = (
    "{picture} This is my floor. {instruction}, and show me how it looks then.",
    "I am not happy with this picture: {picture} Could you do this? {instruction}.",
    "{picture} What would it look like afterwards if you were told: {instruction}?",
    "{picture} {instruction}. Leave the rest as it is, please.",
)
_MAKE = (
    "I close my eyes, and {clause}. What do I hear?",
    "Imagine: {clause}. Let me hear it.",
    "For my radio play I need the moment when {clause}.",
    "What does it sound like when {clause}?",
)


@dataclass(frozen=True, kw_only=True)
class Talk:
    """What was said so far, with the pieces of its media, and the answer that fits."""

    prompt: str
    answer: str


def picture_talk(sight: Sight, rng: np.random.Generator) -> Talk | None:
    """One or two questions, a tour from left to right, or an account; None if nothing can be asked.

    Example::

        Talk(prompt="Hi! I took this picture: <image_input> How many balls are there? I can see two. Thanks! "
                    "What is the box made of?", answer="It is made of wood.")
    """
    opening = pick(_OPENINGS, rng).format(picture=PICTURE)
    drawn = rng.random()
    if drawn < 0.25:
        return Talk(prompt=f"{opening} {pick(_TOURS, rng)}", answer=_tour(sight))
    if drawn < 0.5:
        told = caption(sight, rng)
        count = "1 thing" if len(sight) == 1 else f"{len(sight)} things"
        return Talk(prompt=f"{opening} {pick(_ACCOUNTS, rng)}", answer=f"{told} That makes {count}.")
    asked = [question(sight, rng) for _ in range(1 if drawn < 0.75 else 2)]
    known = [one for one in asked if one is not None]
    if not known:
        return None
    said = [part for one in known[:-1] for part in (one.text, answer_sentence(one, rng), pick(_THANKS, rng))]
    prompt = " ".join([opening, *said, known[-1].text])
    return Talk(prompt=prompt, answer=answer_sentence(known[-1], rng))


def answer_sentence(asked: Question, rng: np.random.Generator) -> str:
    """The answer as a person says it: ``"I can see two."`` for a count's ``"2"``."""
    answer = asked.answer
    if answer in ("yes", "no"):
        return pick(_YES if answer == "yes" else _NO, rng)
    if asked.kind == "relation":
        return _SIDES[answer]
    if asked.kind == "count":
        number = int(answer)
        count = "none" if number == 0 else NUMBER_WORDS[number]
        return pick(_COUNTS, rng).format(count=count, are="is" if number < 2 else "are")
    capital = answer[0].upper() + answer[1:]
    return pick(_PLAIN[asked.kind], rng).format(answer=answer, Answer=capital, a_answer=with_article(answer))


def sound_talk(told: str, rng: np.random.Generator) -> Talk:
    """Someone heard something; ``told`` is the sentence that says what."""
    return Talk(prompt=pick(_HEARD, rng).format(sound=SOUND), answer=told)


def drawing_wish(things: str, rng: np.random.Generator) -> str:
    """A wish for a picture of ``things``, such as "a red ball and a blue box"."""
    return pick(_DRAW, rng).format(things=things)


def edit_wish(instruction: str, rng: np.random.Generator) -> str:
    """A wish to see a picture changed as ``instruction`` says."""
    plain = instruction.rstrip(".")
    return pick(_EDIT, rng).format(picture=PICTURE, instruction=plain[0].upper() + plain[1:])


def sound_wish(clause: str, rng: np.random.Generator) -> str:
    """A wish to hear what ``clause`` tells, such as "a large metal ball falls on the floor"."""
    return pick(_MAKE, rng).format(clause=clause)


def _tour(sight: Sight) -> str:
    names = [with_article(noun_phrase(attributes_of(one, ("colour", "shape")))) for one in sight.seen]
    return sentence(f"from left to right: {joined(names)}")
