"""Small words: articles, plurals, numbers and lists."""

from collections.abc import Sequence

__all__ = ["NUMBER_WORDS", "counted", "joined", "plural", "sentence", "with_article"]

NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six")


def with_article(name: str) -> str:
    """``"orange ball"`` -> ``"an orange ball"``."""
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def plural(name: str) -> str:
    """``"red box"`` -> ``"red boxes"``: the last word is the noun."""
    return name + ("es" if name.endswith(("x", "s")) else "s")


def counted(name: str, count: int) -> str:
    """``("red ball", 1)`` -> ``"a red ball"``, ``("red ball", 2)`` -> ``"two red balls"``."""
    return with_article(name) if count == 1 else f"{NUMBER_WORDS[count]} {plural(name)}"


def joined(parts: Sequence[str]) -> str:
    """``["a", "b", "c"]`` -> ``"a, b and c"``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def sentence(text: str) -> str:
    """With a capital letter and a full stop."""
    return f"{text[0].upper()}{text[1:]}."
