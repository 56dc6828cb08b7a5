"""Finding the tokenizer that belongs to a model, and refusing one that does not (spec section 3)."""

import warnings
from pathlib import Path

from unio.core import InputError
from unio.infer.hub import fetch_file, is_hub_name
from unio.vocab import HOW_TO_GET_IT, LLAMA_SIZE, TextTokenizer, VocabLayout, check_llama, is_llama

__all__ = ["TOKENIZER_FILE", "find_tokenizer"]

TOKENIZER_FILE = "tokenizer.model"

LLAMA_ROWS = VocabLayout(base_size=LLAMA_SIZE).padded_size


def find_tokenizer(
    source: str | Path | None,
    *,
    folder: Path,
    rows: int,
    must_be_llama: bool = False,
    local_files_only: bool = False,
) -> TextTokenizer:
    """The tokenizer of the model in ``folder``, whose text table has ``rows`` rows.

    ``source`` is a file, a folder with a ``tokenizer.model``, or the name of a model on the hub that has
    one and that the user may read; None looks into the model's own folder. A table of 33,280 rows is
    that of the released models, which need LLaMA's 32,000 pieces: another tokenizer of that size is
    refused with ``must_be_llama``, and is a warning without, for the model may be the user's own.

    Raises ``InputError`` if there is no tokenizer, it cannot be read, or it does not fit.
    """
    path = _locate(source, folder=folder, needs_llama=rows == LLAMA_ROWS, local_files_only=local_files_only)
    tokenizer = TextTokenizer.from_file(path)
    if must_be_llama:
        check_llama(tokenizer, name=str(path))
    _check_size(tokenizer, path, rows=rows)
    if rows == LLAMA_ROWS and not is_llama(tokenizer):
        warnings.warn(
            f"{path} has as many pieces as LLaMA's tokenizer but is another: with released weights, or any "
            "trained with LLaMA's, every text will be garbage",
            stacklevel=3,
        )
    return tokenizer


def _locate(source: str | Path | None, *, folder: Path, needs_llama: bool, local_files_only: bool) -> Path:
    if source is None:
        path = folder / TOKENIZER_FILE
        if not path.is_file():
            raise InputError(
                f"the model folder {folder} has no tokenizer",
                got=f"no {TOKENIZER_FILE} there, and no other place was named",
                expected=f"a SentencePiece file {TOKENIZER_FILE}",
                fix=HOW_TO_GET_IT if needs_llama else "copy the tokenizer the model was trained with there",
            )
        return path
    path = Path(source).expanduser()
    if path.is_dir():
        path = path / TOKENIZER_FILE
    elif not path.exists() and is_hub_name(source):
        return fetch_file(str(source), TOKENIZER_FILE, local_files_only=local_files_only)
    if not path.is_file():
        raise InputError(
            f"no tokenizer at {path}",
            expected=f"a {TOKENIZER_FILE}, a folder with one, or a model's name on the hub",
            fix=HOW_TO_GET_IT if needs_llama else None,
        )
    return path


def _check_size(tokenizer: TextTokenizer, path: Path, *, rows: int) -> None:
    layout = tokenizer.layout
    if layout.padded_size != rows:
        raise InputError(
            f"{path} does not fit the model",
            got=f"{layout.padded_size} text ids",
            expected=f"{rows}, as many as the text table has rows",
            fix="use the tokenizer the model was trained with",
        )
    if rows == LLAMA_ROWS and layout.base_size != LLAMA_SIZE:
        # The rounding to 128 hides a difference: Code Llama's 32,016 pieces would pass, all ids shifted.
        raise InputError(
            f"{path} does not fit the model",
            got=f"{layout.base_size:,} pieces",
            expected=f"{LLAMA_SIZE:,}, as LLaMA 1 and 2 have",
            fix=HOW_TO_GET_IT,
        )
