from pathlib import Path

import pytest
import torch

from unio.core import ConfigError
from unio.model import UnifiedIO, load_model
from unio.train.model_building import build_model
from unio.train.model_config import ModelRun
from unio.train.run import read_run
from unio.vocab import TextTokenizer

RECIPE = Path(__file__).parents[2] / "configs" / "nano" / "sharpen.yaml"


def built(folder: Path, *changes: str) -> UnifiedIO:
    run = read_run(RECIPE, [f"start={folder}", *changes])
    assert isinstance(run, ModelRun)
    tokenizer = TextTokenizer.from_file(folder / "tokenizer.model")
    return build_model(run, tokenizer, device=torch.device("cpu"))


def test_named_parts_begin_anew(tiny_model_folder: Path) -> None:
    before = dict(load_model(tiny_model_folder).named_parameters())
    parts = ("input_embedders.image_history.resampler", "decoder.norm.scale")
    after = dict(built(tiny_model_folder, f"anew=[{', '.join(parts)}]").named_parameters())
    latents = "input_embedders.image_history.resampler.latents"
    assert not torch.equal(before[latents], after[latents])
    assert torch.equal(after["decoder.norm.scale"], torch.ones_like(after["decoder.norm.scale"]))
    kept = [name for name in before if not name.startswith(parts)]
    assert kept
    assert all(torch.equal(before[name], after[name]) for name in kept)


def test_a_part_that_is_not_there(tiny_model_folder: Path) -> None:
    with pytest.raises(ConfigError, match=r"no such part of the model to begin anew: got .decodr."):
        built(tiny_model_folder, "anew=[decodr]")
