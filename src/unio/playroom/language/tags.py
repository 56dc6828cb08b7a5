"""Tags: the shapes, colours and materials in view."""

from unio.playroom.language.sight import Sight

__all__ = ["tags"]


def tags(sight: Sight) -> tuple[str, ...]:
    """Each shape in view, then each colour, then each material, each group in alphabetical order.

    Example: ``("ball", "box", "blue", "red", "rubber")``.
    """
    return tuple(
        value
        for attribute in ("shape", "colour", "material")
        for value in sorted({one.value(attribute) for one in sight.seen})
    )
