"""Pictures shown as memories: what is asked of one is asked of a history's only frame (not in the paper).

A history is read through the resampler's few latents, and few families need it: alone they teach those
latents slowly. Where a share of all pictures comes that way, boxes, masks and answers teach them what stands
where.
"""

from dataclasses import replace

from unio.schema import Example

__all__ = ["remembered"]


def remembered(example: Example) -> Example:
    """The example with its picture as its history's only frame; as it is without one, or with a history.

    Example::

        "[Text] [S] Find the red ball. <image_input>"  ->  "[Text] [S] Find the red ball. <image_history_1>"
    """
    if example.image is None or example.image_history:
        return example
    prompt = example.prompt.replace("<image_input>", "<image_history_1>")
    return replace(example, prompt=prompt, image=None, image_history=(example.image,))
