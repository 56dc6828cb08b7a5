"""Training prompts for classifier-free guidance: a share of them asks for nothing (spec section 14)."""

from dataclasses import replace

from unio.data.tasks.task import UNCONDITIONAL, compose_prompt
from unio.schema import Example

__all__ = ["unconditional"]


def unconditional(example: Example) -> Example:
    """The example with a prompt that asks for nothing in particular; its media and target stay.

    Example::

        "[Image] [S] Draw a red ball."  ->  "[Image] [S] An image of a random picture."
    """
    prompt = compose_prompt(
        UNCONDITIONAL[example.target_modality],
        output=example.target_modality,
        image_history=len(example.image_history),
        image=example.image is not None,
        audio=example.audio is not None,
        audio_history=len(example.audio_history),
    )
    return replace(example, prompt=prompt)
