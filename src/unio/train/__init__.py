"""Training: tokenizer, codecs and model, from YAML files, stopped and resumed at will (spec section 12)."""

from unio.train.model_config import ModelRun
from unio.train.model_training import train_model
from unio.train.processes import Processes
from unio.train.run import describe_run, read_run, run

__all__ = ["ModelRun", "Processes", "describe_run", "read_run", "run", "train_model"]
