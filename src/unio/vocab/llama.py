"""Whether a tokenizer is LLaMA's, whose 32,000 pieces the released models were trained with (spec section 3).

The number of pieces is not enough: others have 32,000 too, and with one of them every answer would be
garbage, told by nothing.
"""

from unio.core import InputError
from unio.vocab.tokenizer import TextTokenizer

__all__ = ["HOW_TO_GET_IT", "LLAMA_SIZE", "check_llama", "is_llama"]

LLAMA_SIZE = 32000

PROBE = "Where is the red ball?"
PROBE_IDS = [6804, 338, 278, 2654, 8287, 29973]
"""What LLaMA 1 and 2 make of the probe. Mistral's first, of the same size, begins with 6926, 349, 272."""

HOW_TO_GET_IT = (
    "accept the licence of meta-llama/Llama-2-7b-hf on huggingface.co, log in with `hf auth login` and give "
    "tokenizer='meta-llama/Llama-2-7b-hf'; or give the path of a LLaMA 1 or 2 tokenizer.model"
)


def is_llama(tokenizer: TextTokenizer) -> bool:
    """Whether ids mean what they mean to LLaMA 1 and 2."""
    return tokenizer.layout.base_size == LLAMA_SIZE and tokenizer.encode(PROBE) == PROBE_IDS


def check_llama(tokenizer: TextTokenizer, *, name: str) -> None:
    """Raise ``InputError``, with the reason, unless ``tokenizer`` is LLaMA's; ``name`` is where it lies."""
    size = tokenizer.layout.base_size
    if size != LLAMA_SIZE:
        raise InputError(
            f"{name} is not the tokenizer of LLaMA 1 and 2",
            got=f"{size:,} pieces",
            expected=f"{LLAMA_SIZE:,}",
            fix=HOW_TO_GET_IT,
        )
    if not is_llama(tokenizer):
        raise InputError(
            f"{name} is not the tokenizer of LLaMA 1 and 2",
            got=f"{PROBE!r} as {tokenizer.encode(PROBE)}",
            expected=PROBE_IDS,
            fix=HOW_TO_GET_IT,
        )
