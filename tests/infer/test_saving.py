from pathlib import Path

import pytest
import torch

import unio
from unio.core import InputError
from unio.infer import GenerationDefaults, Predictor
from unio.model import UnifiedIO
from unio.schema import DecodingOptions
from unio.vocab import TextTokenizer

FILES = {
    "README.md",
    "config.json",
    "generation_config.json",
    "model-00001-of-00001.safetensors",
    "model.safetensors.index.json",
    "preprocessor_config.json",
    "tokenizer.model",
}


@pytest.fixture
def predictor(model: UnifiedIO, tokenizer: TextTokenizer) -> Predictor:
    defaults = GenerationDefaults(text=DecodingOptions(temperature=0.0, max_tokens=3))
    return Predictor(model, tokenizer, defaults=defaults)


def test_a_saved_predictor_answers_as_before(predictor: Predictor, tokenizer_file: Path, tmp_path: Path):
    assert predictor.save_pretrained(tmp_path / "new") == tmp_path / "new"
    assert {path.name for path in (tmp_path / "new").iterdir()} == FILES
    assert (tmp_path / "new" / "tokenizer.model").read_bytes() == tokenizer_file.read_bytes()
    again = Predictor.from_pretrained(tmp_path / "new", device="cpu")
    assert again.defaults == predictor.defaults
    asked = "what colour is the ball?"
    assert again.generate(asked).text == predictor.generate(asked).text
    assert len(again.answer([], DecodingOptions())) == 0


def test_each_parameter_keeps_its_dtype(predictor: Predictor, tmp_path: Path):
    predictor.save_pretrained(tmp_path / "wide")
    mixed = unio.load(tmp_path / "wide", device="cpu", dtype="bfloat16")
    mixed.save_pretrained(tmp_path / "mixed")
    card = (tmp_path / "mixed" / "README.md").read_text()
    assert "stored as bfloat16 and float32" in card
    again = unio.load(tmp_path / "mixed", device="cpu", dtype="bfloat16")
    for (name, value), other in zip(mixed.model.named_parameters(), again.model.parameters(), strict=True):
        assert torch.equal(value, other), name


def test_a_published_model_becomes_one_of_ours(published_folder: Path, tmp_path: Path):
    loaded = unio.load(published_folder, device="cpu")
    loaded.save_pretrained(tmp_path, shard_bytes=1_000_000)
    again = unio.load(tmp_path, device="cpu")
    assert again.generate("a red ball", max_tokens=4).text == loaded.generate("a red ball", max_tokens=4).text
    pairs = zip(loaded.model.parameters(), again.model.parameters(), strict=True)
    assert all(torch.equal(one, other) for one, other in pairs)


def test_the_card_tells_sizes_and_is_not_written_over(predictor: Predictor, tmp_path: Path):
    folder = tmp_path / "small-model"
    predictor.save_pretrained(folder)
    card = (folder / "README.md").read_text()
    assert card.startswith("---\nlibrary_name: unio\n")
    assert "# small-model" in card
    assert "| text, picture -> text | 0.00 | 0.00 |" in card
    (folder / "README.md").write_text("mine")
    predictor.save_pretrained(folder)
    assert (folder / "README.md").read_text() == "mine"


def test_a_part_of_a_model_is_not_saved(published_folder: Path, tmp_path: Path):
    part = unio.load(published_folder, device="cpu", modalities=["image"])
    with pytest.raises(
        InputError, match="only a whole model can be saved: got one loaded without image_history"
    ):
        part.save_pretrained(tmp_path / "part")
    assert not (tmp_path / "part").exists()
