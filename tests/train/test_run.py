import json
import shutil
from pathlib import Path

import pytest
import torch
import yaml

from unio.core import ConfigError, InputError, WeightsError
from unio.data import Group, Mixture
from unio.data.mixture_file import OWN, load_mixture
from unio.infer import (
    TrainingRecord,
    generation_defaults,
    model_folder,
    read_training_record,
    write_training_record,
)
from unio.infer.generation_defaults import read_generation_defaults
from unio.model import load_model
from unio.schema import TargetModality
from unio.train import read_run, run
from unio.train.choices import make_source
from unio.train.codec_folder import load_audio_codec
from unio.train.codec_training import CodecRun
from unio.train.export import trained_families, write_decoding
from unio.train.log_file import read_log
from unio.train.model_config import ModelRun, batch_groups
from unio.vocab import TextTokenizer, train_tokenizer

ALL_CONFIGS = Path(__file__).parents[2] / "configs"
CONFIGS = ALL_CONFIGS / "nano"
NANO = model_folder("unio-nano")
STACK = "{dim: 8, num_layers: 1, num_heads: 2, head_dim: 4, mlp_dim: 12}"
TRUNK = "{dim: 16, num_heads: 2, head_dim: 8, mlp_dim: 20, encoder_layers: 1, decoder_layers: 1}"
POOL = ["pool.count=34", "pool.chunk=17", "pool.workers=0"]
CODEC = [*POOL, "batch_size=2", "loop.steps=2", "loop.log_every=1"]


RUN_FILES = sorted(
    path for path in ALL_CONFIGS.glob("*/*.yaml") if path.parent.name != "data" and path.stem != "real_small"
)
"""Those in ``configs/data`` describe data sets, not runs: tests/data/sources has their test. ``real_small``
needs data that are fetched: test_real_small.py makes some."""


@pytest.mark.parametrize("path", RUN_FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_shipped_config_loads(path: Path) -> None:
    chosen = read_run(path)
    if isinstance(chosen, CodecRun):
        chosen.model.resolve()
    if isinstance(chosen, ModelRun):
        batch_groups(chosen.mixture, chosen.batch)
        shipped = [one for one in (chosen.start, chosen.tokenizer) if one and one.parts[0] == "src"]
        assert all((ALL_CONFIGS.parent / one).exists() for one in shipped)
    header = path.read_text().split("\nkind:")[0]
    assert all(f"#   {word}" in header for word in ("command", "hardware", "expect"))
    assert f"unio train configs/{path.parent.name}/{path.name}" in header


def test_the_shipped_files_make_a_model_one_after_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The whole recipe, with everything small: tokenizer, codecs, model."""
    run(CONFIGS / "tokenizer.yaml", [f"out={tmp_path}/tokenizer", "count=200", "size=400", "workers=0"])
    assert "400 pieces and the added ones" in capsys.readouterr().err
    small = "{channels: 4, channel_multipliers: [1, 1, 1, 2], num_groups: 2, num_codes: 20}"
    pictures = [f"out={tmp_path}/image", f"pool_folder={tmp_path}/pictures"]
    run(CONFIGS / "image_codec.yaml", [*pictures, f"model.changes.image_codec={small}", *CODEC])
    changes = f"{{encoder: {STACK}, decoder: {STACK}, num_codes: 10}}"
    sounds = [f"out={tmp_path}/audio", f"pool_folder={tmp_path}/sounds"]
    run(CONFIGS / "audio_codec.yaml", [*sounds, f"model.changes.audio_codec={changes}", *CODEC])
    model_overrides = [
        f"out={tmp_path}/model",
        f"tokenizer={tmp_path}/tokenizer/tokenizer.model",
        f"image_codec={tmp_path}/image/codec",
        f"audio_codec={tmp_path}/audio/codec",
        f"model.changes.trunk={TRUNK}",
        "batch.text=2",
        "batch.image=1",
        "batch.audio=1",
        "loader.workers=0",
        "loop.log_every=1",
    ]
    run(CONFIGS / "model.yaml", [*model_overrides, "loop.steps=1"])
    run(CONFIGS / "model.yaml", [*model_overrides, "loop.steps=2"])
    told = capsys.readouterr().err
    assert "unio-nano: going on from step 1" in told
    assert "changed since the checkpoint: loop.steps: 1 -> 2" in told

    exported = tmp_path / "model" / "model"
    model = load_model(exported)
    assert model.config.image_codec.num_codes == 20
    assert (
        model.config.text_vocab_rows
        == TextTokenizer.from_file(exported / "tokenizer.model").layout.padded_size
    )
    assert max(path.stat().st_size for path in exported.glob("*.safetensors")) <= 15_100_000
    trained_on = read_training_record(exported)
    assert trained_on is not None
    assert len(trained_on.families) == 20
    assert trained_on.families == tuple(sorted(read_run(CONFIGS / "model.yaml").mixture.shares))
    card = (exported / "README.md").read_text()
    assert card.startswith("# unio-nano\n")
    assert "Training: 2 of the recipe's steps" in card
    assert "batch:" in card
    saved = yaml.safe_load((tmp_path / "model" / "config.yaml").read_text())
    assert saved["loop"]["steps"] == 2

    going_on = [
        f"out={tmp_path}/dense",
        f"start={exported}",
        "decoding={depth: {at_once: mean}}",
        "compile=false",
        "batch.text=2",
        "batch.image=1",
        "batch.audio=1",
        "loader.workers=0",
        "loop.steps=1",
    ]
    run(CONFIGS / "dense.yaml", going_on)
    later = tmp_path / "dense" / "model"
    assert generation_defaults(later).tasks["depth"].at_once == "mean"
    card = (later / "README.md").read_text()
    assert "withheld: 0.6" in card
    assert "\n## Before that\n\n### unio-nano\n" in card
    assert "\n#### Recipe\n" in card

    packing = "packing={encoder_length: 500, decoder_length: 300, pool: 4}"
    packed = [*model_overrides[1:], f"out={tmp_path}/packed", packing]
    run(CONFIGS / "model.yaml", [*packed, "loop.steps=1"])
    run(CONFIGS / "model.yaml", [*packed, "loop.steps=2"])
    assert "unio-nano: going on from step 1" in capsys.readouterr().err
    lines = read_log(tmp_path / "packed" / "log.jsonl")
    assert [line["real_share"] for line in lines] == [1.0, 1.0]


TOKENIZER = "kind: tokenizer\nout: x\ncount: 1"


def test_a_model_that_goes_on_keeps_the_families_of_its_start(tmp_path: Path) -> None:
    write_training_record(TrainingRecord(families=("sort", "vqa")), tmp_path)
    chosen = read_run(
        ALL_CONFIGS / "tune" / "lora_nano.yaml",
        [f"start={tmp_path}", "mixture={weights: {arithmetic: 1, vqa: 1}}"],
    )
    assert isinstance(chosen, ModelRun)
    assert trained_families(chosen) == ("arithmetic", "sort", "vqa")
    weights = {"arithmetic": 1, "vqa": 1, "sort": 0}
    less = chosen.model_copy(update={"mixture": Mixture(weights=weights)})
    assert trained_families(less) == ("arithmetic", "vqa"), "a weight of 0 gives a family up"


def test_what_is_tuned_from_a_released_model_is_decoded_like_it(tmp_path: Path) -> None:
    published = Path(__file__).parents[1] / "conformance" / "data" / "config_qknorm.json"
    start, exported = tmp_path / "released", tmp_path / "tuned"
    start.mkdir()
    exported.mkdir()
    (start / "config.json").write_text(json.dumps(json.loads(published.read_text())["config"]))
    chosen = read_run(ALL_CONFIGS / "nano" / "sharpen.yaml", [f"start={start}"])
    assert isinstance(chosen, ModelRun)
    write_decoding(chosen, exported)
    found = read_generation_defaults(exported)
    assert found.tasks["image_from_text"].guidance == 10.0
    assert found.tasks["depth"].at_once == "mean"


def write(folder: Path, text: str) -> Path:
    path = folder / "run.yaml"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("seed: 1", "does not say what to train: got kind: None; expected kind: one of tokenizer, image"),
        ("kind: poem", "got kind: poem"),
        (f"{TOKENIZER}\nsize: 9\nmixture: {{weights: {{vqa: 1}}}}\nmixtur: 3", "unknown key 'mixtur'"),
        (f"{TOKENIZER}\nsize: many\nmixture: {{weights: {{vqa: 1}}}}", "bad value at 'size': got 'many'"),
        (f"{TOKENIZER}\nsize: 9\nmixture: {{weights: {{}}}}", r"'mixture\.weights'.*at least one"),
    ],
)
def test_mistakes_in_a_file_are_told(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        read_run(write(tmp_path, text))


def test_a_model_needs_its_tokenizer_and_codecs(tmp_path: Path) -> None:
    absent = [f"{name}={tmp_path}/absent" for name in ("tokenizer", "image_codec", "audio_codec")]
    with pytest.raises(InputError, match="cannot read the tokenizer"):
        run(CONFIGS / "model.yaml", [f"out={tmp_path}", *absent])
    run(CONFIGS / "tokenizer.yaml", [f"out={tmp_path}", "count=200", "size=400", "workers=0"])
    with pytest.raises(WeightsError, match="no image codec in"):
        run(CONFIGS / "model.yaml", [f"out={tmp_path}", *absent[1:], f"tokenizer={tmp_path}/tokenizer.model"])


def test_a_pool_of_the_wrong_media_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"the pool holds other media: got field 'target_audio'"):
        run(
            CONFIGS / "image_codec.yaml",
            [f"out={tmp_path}", "pool.entries=[{task: audio_from_text, field: target_audio, weight: 1}]"],
        )


def test_a_pool_too_small_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"the pool is too small: got pool\.count=32"):
        run(CONFIGS / "image_codec.yaml", [f"out={tmp_path}", "pool.count=32"])


def test_a_codec_goes_on_from_a_models(tmp_path: Path) -> None:
    folders = [f"out={tmp_path}/out", f"pool_folder={tmp_path}/pool", f"start={NANO}"]
    still = ["loop.steps=1", "optimiser.learning_rate=1e-12", "optimiser.weight_decay=0", "precision=float32"]
    run(CONFIGS / "audio_codec.yaml", [*folders, *CODEC, *still])
    before, after = load_audio_codec(NANO), load_audio_codec(tmp_path / "out" / "codec")
    for name, value in after.state_dict().items():
        torch.testing.assert_close(value, before.state_dict()[name].float(), atol=1e-5, rtol=0, msg=name)
    with pytest.raises(ConfigError, match=r"the codec in .*nano has other sizes than the model"):
        run(CONFIGS / "audio_codec.yaml", [*folders, *CODEC, "model.changes.audio_codec.num_codes=10"])


def test_sounds_are_not_compared_by_colour(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"sounds have no colours: .*reconstruction=colour"):
        run(CONFIGS / "audio_codec.yaml", [f"out={tmp_path}", "objective.reconstruction=colour"])


def test_a_tokenizer_that_is_there_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "tokenizer.model").write_bytes(b"mine")
    run(CONFIGS / "tokenizer.yaml", [f"out={tmp_path}"])
    assert "is there already" in capsys.readouterr().err
    assert (tmp_path / "tokenizer.model").read_bytes() == b"mine"


def test_adapters_are_trained_resumed_and_merged(
    tmp_path: Path, tiny_model_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small = ["batch.text=1", "loader.workers=0", "loop.log_every=1", "mixture={weights: {arithmetic: 1}}"]
    settings = [f"out={tmp_path}/run", f"start={tiny_model_folder}", "base_dtype=bfloat16", *small]
    path = ALL_CONFIGS / "tune" / "lora_nano.yaml"
    run(path, [*settings, "export=adapters", "loop.steps=1"])
    assert (tmp_path / "run" / "adapters" / "adapter.safetensors").exists()
    run(path, [*settings, "export=model", "loop.steps=2"])
    assert "unio-nano-lora: going on from step 1" in capsys.readouterr().err
    merged = load_model(tmp_path / "run" / "model")
    assert read_training_record(tmp_path / "run" / "model") == TrainingRecord(families=("arithmetic",))
    assert merged.state_dict().keys() == load_model(tiny_model_folder).state_dict().keys()


def test_a_mixture_may_be_named() -> None:
    named = read_run(ALL_CONFIGS / "pretrain" / "nano.yaml")
    assert isinstance(named, ModelRun)
    shares = load_mixture("playroom_full").weigh({OWN: dict.fromkeys(named.mixture.weights)}).mixture.shares
    assert set(named.mixture.shares) == set(shares)
    for group in groups_of(named).values():
        total = sum(shares[name] for name in group.mixture.shares)
        for name, share in group.mixture.shares.items():
            assert share == pytest.approx(shares[name] / total)


def groups_of(chosen: ModelRun) -> dict[TargetModality, Group]:
    return batch_groups(chosen.mixture, chosen.batch)


def test_data_sets_on_disk_are_mixed_in(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text('{"ask": "1 + 1", "answer": "2"}\n')
    (tmp_path / "sums.yaml").write_text(
        "name: sums\ntitle: t\nlicence: none\nget: here\nfolder: rows.jsonl\n"
        "reader:\n  kind: table\n  files: [rows.jsonl]\n"
        "  tasks: {instruct: {instruction: ask, response: answer}}\n"
    )
    parts = "{own: {rate: 1, tasks: [sort]}, read: {rate: 3, tasks: [instruct], data: [sums]}}"
    (tmp_path / "mine.yaml").write_text(f"title: mine\ngroups: {{all: {{parts: {parts}}}}}\n")
    settings = [f"mixture={{file: {tmp_path}/mine.yaml}}", "batch.image=0", "batch.audio=0"]
    path = ALL_CONFIGS / "pretrain" / "nano.yaml"
    chosen = read_run(path, [*settings, f"source={{folders: {{sums: {tmp_path}}}, builders: {tmp_path}}}"])
    assert isinstance(chosen, ModelRun)
    assert chosen.mixture.shares == {"sort": 0.25, "sums/instruct": 0.75}
    assert make_source(chosen.source).example("sums/instruct", 0, 0).target_text == "2"
    alone = read_run(path, [*settings, "source={kind: playroom}"])
    assert isinstance(alone, ModelRun)
    assert alone.mixture.shares == {"sort": 1.0}
    with pytest.raises(ConfigError, match="nothing of the mixture 'mine' is there"):
        read_run(path, [*settings, "source={kind: data}"])


def test_a_wrong_name_of_a_mixture_is_told() -> None:
    with pytest.raises(ConfigError, match=r"no such mixture: got nano"):
        read_run(ALL_CONFIGS / "pretrain" / "nano.yaml", ["mixture={file: nano}"])
    with pytest.raises(ConfigError, match=r"mixture: unknown key 'weights'"):
        read_run(ALL_CONFIGS / "pretrain" / "nano.yaml", ["mixture={file: playroom, weights: {vqa: 1}}"])


def test_a_tokenizer_with_too_many_ids_is_told(tmp_path: Path, tiny_model_folder: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(tiny_model_folder, folder)
    texts = [f"{one}{two}{three} ta{three}{one}" for one in "bcdfg" for two in "aeiou" for three in "klmn"]
    train_tokenizer(texts * 5, size=330, path=folder / "tokenizer.model")  # 330 + 1225 > 1536 rows
    with pytest.raises(ConfigError, match="the tokenizer does not fit the model in"):
        run(ALL_CONFIGS / "tune" / "one_task_nano.yaml", [f"out={tmp_path}/run", f"start={folder}"])
