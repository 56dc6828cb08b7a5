"""Training: tokenizer, codecs and model, from YAML files, stopped and resumed at will (spec section 12)."""

from unio.train.run import read_run, run

__all__ = ["read_run", "run"]
