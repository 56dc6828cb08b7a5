r"""A value of a row by a path, or a text made of several: how tables name what lies deep in a row.

=======================  ==============================================================================
``caption``              the column (first looked for as it stands, dots and all)
``answers.0.answer``     into lists by number (-1: the last) and into objects by name
``qas.*.answer``         of every item of a list, lists of lists joined
``qas.?.answer``         of one item; all ``?`` of a record draw the same place of their lists
``choices.[correct]``    the item whose number or name the column ``correct`` holds
``{split}/{id:012d}.jpg``  a text: paths in braces, the format of numbers behind a colon
=======================  ==============================================================================

Example::

    find_value({"id": 7, "qas": [{"a": "red"}]}, "pictures/{id:03d}.jpg", draw=0.5)  # "pictures/007.jpg"
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from unio.core import InputError

__all__ = ["find_value"]

PLACE = re.compile(r"\{([^{}:]+)(?::([^{}]*))?\}")


def find_value(row: Mapping[str, Any], path: str, *, draw: float) -> Any:
    """The value at ``path``; ``draw`` in [0, 1) says which item of a list a ``?`` means.

    Raises ``InputError`` for a column, name or number that is not there.
    """
    if path in row:
        return row[path]
    if "{" in path:
        return PLACE.sub(lambda place: _written(find_value(row, place[1], draw=draw), place), path)
    return _Finder(row, path, draw).follow(row, path.split("."))


class _Finder:
    def __init__(self, row: Mapping[str, Any], path: str, draw: float) -> None:
        self._row = row
        self._path = path
        self._draw = draw

    def follow(self, value: Any, steps: Sequence[str]) -> Any:
        if not steps:
            return value
        step, rest = steps[0], steps[1:]
        if step.startswith("[") and step.endswith("]"):
            step = str(find_value(self._row, step[1:-1], draw=self._draw))
        if isinstance(value, list):
            items = cast(list[Any], value)
            if step == "*":
                return self._all(items, rest)
            if step == "?":
                return self.follow(self._item(items, int(self._draw * len(items))), rest)
            return self.follow(self._item(items, _number(step, len(items))), rest)
        if isinstance(value, Mapping) and step in value:
            return self.follow(cast(Mapping[str, Any], value)[step], rest)
        raise self._missing(step, value)

    def _all(self, items: list[Any], rest: Sequence[str]) -> list[Any]:
        found: list[Any] = []
        for item in items:
            one = self.follow(item, rest)
            if isinstance(one, list):
                found += cast(list[Any], one)
            else:
                found.append(one)
        return found

    def _item(self, items: list[Any], number: int) -> Any:
        if not 0 <= number < len(items):
            raise InputError(f"no item {number} at {self._path!r}", got=f"{len(items)} items")
        return items[number]

    def _missing(self, step: str, value: Any) -> InputError:
        if isinstance(value, Mapping):
            there = ", ".join(cast(Mapping[str, Any], value)) or "an empty object"
        else:
            there = type(cast(object, value)).__name__
        where = "" if step == self._path else f", in {self._path!r}"
        return InputError(f"no column {step!r}{where}", got=there)


def _number(step: str, count: int) -> int:
    """The item that a step means: from the end with a minus, none (``count``) where it is no number."""
    if step.removeprefix("-").isdigit():
        return int(step) + (count if step.startswith("-") else 0)
    return count


def _written(value: Any, place: re.Match[str]) -> str:
    style = place[2] or ""
    if value is None or isinstance(value, list | dict):
        raise InputError(f"{place[0]} is no single value", got=type(cast(object, value)).__name__)
    try:
        return format(int(value), style) if style.endswith("d") else format(value, style)
    except (ValueError, TypeError) as error:
        raise InputError(
            f"{place[0]} cannot be written", got=repr(value)[:40], expected="a number"
        ) from error
