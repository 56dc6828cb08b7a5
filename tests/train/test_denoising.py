from pathlib import Path

import pytest

from unio.core import ConfigError
from unio.data import Mixture
from unio.data.sources.playroom import PlayroomSource
from unio.infer import find_tokenizer
from unio.model import read_model_config
from unio.schema import TargetModality
from unio.train import read_run, train_model
from unio.train.denoising import material_mixtures
from unio.train.log_file import read_log
from unio.train.model_config import ModelRun
from unio.train.model_training import make_batch_maker

CONFIG = Path(__file__).parents[2] / "configs" / "nano" / "model.yaml"
TEXT, IMAGE, AUDIO = TargetModality


def tiny_run(folder: Path, out: Path, *overrides: str) -> ModelRun:
    chosen = read_run(
        CONFIG,
        [
            f"out={out}",
            f"start={folder}",
            *("model=null", "tokenizer=null", "image_codec=null", "audio_codec=null"),
            "mixture={weights: {sort: 1, caption: 1, image_from_text: 1, audio_from_text: 1}}",
            "batch={text: 3, image: 4, audio: 1, multiple: 4}",
            "loader.workers=0",
            "loop={steps: 2, log_every: 1}",
            *overrides,
        ],
    )
    assert isinstance(chosen, ModelRun)
    return chosen


def test_material_is_what_holds_the_target() -> None:
    mixture = Mixture(weights={"sort": 1, "caption": 2, "audio_tag": 3, "image_from_text": 4, "video_vqa": 5})
    mixtures = material_mixtures(mixture, [TEXT, IMAGE, AUDIO])
    assert set(mixtures[TEXT].shares) == set(mixture.weights)
    assert set(mixtures[IMAGE].shares) == {"caption", "image_from_text", "video_vqa"}
    assert set(mixtures[AUDIO].shares) == {"audio_tag", "video_vqa"}
    assert mixtures[AUDIO].shares["audio_tag"] == pytest.approx(3 / 8)


def test_a_video_that_is_not_heard_has_no_sound_in_it() -> None:
    with pytest.raises(ConfigError, match=r"nothing to denoise with audio targets.*tasks sort, caption"):
        material_mixtures(Mixture(weights={"sort": 1, "caption": 1}), [AUDIO])
    assert set(material_mixtures(Mixture(weights={"video_sound": 1}), [AUDIO])) == {AUDIO}


def test_denoised_examples_fill_the_slots_of_their_target(tiny_model_folder: Path, tmp_path: Path) -> None:
    run = tiny_run(tiny_model_folder, tmp_path, "denoising={share: 1}")
    config = read_model_config(tiny_model_folder)
    tokenizer = find_tokenizer(None, folder=tiny_model_folder, rows=config.text_vocab_rows)
    source = PlayroomSource(split="train")
    batch = make_batch_maker(run, tokenizer, config, source=source).make(0).batch
    assert all(task.startswith("denoise.") for task in batch.tasks)
    assert [len(batch.targets[modality].rows) for modality in TargetModality] == [3, 4, 1]
    hidden = [make_batch_maker(run, tokenizer, config, source=source).make(step).batch for step in range(3)]
    assert any(made.targets[IMAGE].hidden is not None for made in hidden)

    half = tiny_run(tiny_model_folder, tmp_path, "denoising={share: 0.5}")
    maker = make_batch_maker(half, tokenizer, config, source=source)
    tasks = [task.startswith("denoise.") for step in range(6) for task in maker.make(step).batch.tasks]
    assert 0.25 < sum(tasks) / len(tasks) < 0.75


def test_a_run_learns_from_both(tiny_model_folder: Path, tmp_path: Path) -> None:
    run = tiny_run(tiny_model_folder, tmp_path, "denoising={share: 0.5, denoiser: {keep_patches: 0.875}}")
    assert train_model(run)
    losses = [line["losses"] for line in read_log(tmp_path / "log.jsonl")]
    names = {name for one in losses for name in one}
    assert any(name.startswith("task/denoise.") for name in names)
    assert {"paradigm/S", "paradigm/R"} <= names


def test_a_share_above_one_is_refused(tiny_model_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"denoising\.share"):
        tiny_run(tiny_model_folder, tmp_path, "denoising={share: 1.5}")
