"""Which parts of a model a request needs, so that a command that answers one loads no others."""

from unio.data import check_history
from unio.schema import DecodingOptions, Example, Geometry, TargetModality

__all__ = ["needed_modalities"]


def needed_modalities(
    example: Example, geometry: Geometry, *, options: DecodingOptions | None = None
) -> list[str]:
    """What ``modalities=`` of `load` must name for ``example`` to be answered with ``options``.

    A sound longer than a segment is heard with a history; candidates are looked at or heard. Raises
    ``InputError`` for more history than the model, whose ``geometry`` it is, has room for.

    Example::

        needed_modalities(task("depth").request(image="desk.jpg"), Geometry())  # ["image", "image_target"]
    """
    heard = check_history(example, geometry)
    read_back = example.target_modality if options is not None and options.candidates > 1 else None
    given = {
        "image": example.image is not None or read_back is TargetModality.IMAGE,
        "image_history": bool(example.image_history),
        "audio": bool(heard.current) or read_back is TargetModality.AUDIO,
        "audio_history": bool(heard.history),
        "image_target": example.target_modality is TargetModality.IMAGE,
        "audio_target": example.target_modality is TargetModality.AUDIO,
    }
    return [name for name, is_needed in given.items() if is_needed]
