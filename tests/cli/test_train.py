import pytest

CONFIG = "configs/nano/tokenizer.yaml"


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch, pytestconfig):
    monkeypatch.chdir(pytestconfig.rootpath)


def test_a_tokenizer_is_trained(command, tmp_path):
    outcome = command(
        "train",
        CONFIG,
        f"out={tmp_path}/run",
        "count=200",
        "size=340",
        "workers=1",
        "mixture.weights={sort: 1, arithmetic: 1}",
    )
    assert outcome.status == 0, outcome.err
    assert (tmp_path / "run" / "tokenizer.model").stat().st_size > 0


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("colour=3", "unknown key 'colour'"),
        ("size=large", "bad value at 'size'"),
        ("kind=brain", "does not say what to train: got kind: brain"),
        ("size", "bad override"),
    ],
)
def test_a_wrong_setting_is_refused(refused, override, message):
    assert message in refused("train", CONFIG, override)


def test_a_missing_file_is_refused(refused, tmp_path):
    assert refused("train", tmp_path / "none.yaml").startswith(f"cannot read {tmp_path}/none.yaml")


def test_a_file_that_is_no_yaml_is_refused(refused, tmp_path):
    path = tmp_path / "run.yaml"
    path.write_text("kind: [model")
    assert "is not valid YAML" in refused("train", path)


def test_a_plan_is_printed_and_nothing_is_made(command, tmp_path):
    overrides = [f"out={tmp_path}/run", "model.preset=xl"]
    outcome = command("train", "configs/pretrain/large.yaml", "--plan", "--devices", "8", *overrides)
    assert outcome.status == 0, outcome.err
    assert "parameters    3,17" in outcome.out
    assert "on 8 devices" in outcome.out
    assert not (tmp_path / "run").exists()


def test_only_a_models_run_can_be_planned(refused):
    assert "only a model's run can be planned: got kind: tokenizer" in refused("train", CONFIG, "--plan")


def test_what_needs_one_process_refuses_more(refused, monkeypatch):
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert "kind tokenizer is trained by one process: got 2 processes" in refused("train", CONFIG)


def test_a_launcher_that_says_nonsense_is_told(refused, monkeypatch):
    monkeypatch.setenv("RANK", "first")
    assert "the environment variable RANK is no number: got 'first'" in refused("train", CONFIG)
