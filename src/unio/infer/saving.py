"""A predictor as a folder: weights, and beside them all that `load` needs to answer in the same way.

::

    config.json, model-*.safetensors, model.safetensors.index.json   the model (see `unio.model.weights`)
    tokenizer.model                                                  the text's base vocabulary
    generation_config.json                                           decoding of free prompts and of tasks
    preprocessor_config.json                                         preparation of media
    training.json                                                    families it was trained on, if known
    README.md                                                        the model card
"""

from pathlib import Path
from typing import Literal

from unio.infer.generation_defaults import GenerationDefaults, write_generation_defaults
from unio.infer.model_card import CARD_FILE, model_card
from unio.infer.preprocessing import write_preprocessing
from unio.infer.tokenizer_source import TOKENIZER_FILE
from unio.infer.training_record import TrainingRecord, write_training_record
from unio.media import write_whole
from unio.model import UnifiedIO, open_model_folder, save_model
from unio.vocab import TextTokenizer

__all__ = ["save_folder", "write_companions"]


def save_folder(
    model: UnifiedIO,
    tokenizer: TextTokenizer,
    folder: Path,
    *,
    defaults: GenerationDefaults,
    trained_on: TrainingRecord | None,
    dtype: Literal["float32", "bfloat16"] | None,
    shard_bytes: int,
) -> None:
    """Write a model and its companions. Raises ``InputError`` for a model that was loaded in part."""
    save_model(model, folder, dtype=dtype, shard_bytes=shard_bytes)
    write_companions(folder, tokenizer=tokenizer, defaults=defaults, trained_on=trained_on)


def write_companions(
    folder: Path,
    *,
    tokenizer: TextTokenizer | None,
    defaults: GenerationDefaults | None = None,
    trained_on: TrainingRecord | None = None,
) -> None:
    """Write what belongs beside weights in our layout; a ``README.md`` that is there is left as it is."""
    saved = open_model_folder(folder)
    if tokenizer is not None:
        write_whole(folder / TOKENIZER_FILE, tokenizer.file_bytes)
    write_generation_defaults(defaults or GenerationDefaults(), folder)
    write_preprocessing(saved.config.geometry, folder)
    if trained_on is not None:
        write_training_record(trained_on, folder)
    if not (folder / CARD_FILE).exists():
        card = model_card(folder.absolute().name, saved.config, saved.specs)
        write_whole(folder / CARD_FILE, card.encode())
