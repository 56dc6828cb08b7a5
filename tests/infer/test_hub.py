"""The hub without a network: its own cache folder, laid as a download leaves it, and its own errors."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

import unio
from unio.core import InputError, MissingExtraError
from unio.infer import hub
from unio.infer.hub import RELEASED_MODELS, fetch_file, fetch_folder, is_hub_name, publish_folder
from unio.model import ModelConfig, write_random_folder

huggingface_hub = pytest.importorskip("huggingface_hub")
constants = pytest.importorskip("huggingface_hub.constants")
errors = pytest.importorskip("huggingface_hub.errors")

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, and a hub that cannot be asked."""
    folder = tmp_path / "hub"
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(folder))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    return folder


def put(cache: Path, name: str, source: Path) -> Path:
    """Lay a folder into the cache as the model ``name``."""
    place = cache / f"models--{name.replace('/', '--')}"
    (place / "refs").mkdir(parents=True)
    (place / "refs" / "main").write_text(COMMIT)
    return Path(shutil.copytree(source, place / "snapshots" / COMMIT))


def test_names():
    assert "allenai/uio2-xxl-bfloat16" in RELEASED_MODELS
    assert len(RELEASED_MODELS) == 6
    assert all(is_hub_name(name) for name in RELEASED_MODELS)
    assert not any(is_hub_name(name) for name in ("nano", "./a", "a/b/c", "/a/b", "~/a", "", Path("a/b")))


@pytest.mark.parametrize("local_files_only", [True, False])
def test_a_model_in_the_cache_loads_by_its_name(cache: Path, published_folder: Path, local_files_only: bool):
    put(cache, "someone/uio2-tiny", published_folder)
    predictor = unio.load("someone/uio2-tiny", device="cpu", local_files_only=local_files_only)
    assert predictor.generate("a ball", max_tokens=3).text is not None


def test_pickles_are_taken_where_there_is_nothing_else(cache: Path, published_folder: Path):
    folder = put(cache, "someone/uio2-tiny", published_folder)
    state = {k: v for path in folder.glob("*.safetensors") for k, v in load_file(path).items()}
    for path in (*folder.glob("*.safetensors"), folder / "model.safetensors.index.json"):
        path.unlink()
    torch.save(state, folder / "pytorch_model.bin")
    assert fetch_folder("someone/uio2-tiny") == folder
    norm = unio.load("someone/uio2-tiny", device="cpu").model.encoder.norm.scale
    assert torch.equal(norm, state["encoder.encoder_norm.scale"])


@pytest.fixture
def released(cache: Path, published_config: ModelConfig, tmp_path: Path) -> Path:
    """A published checkpoint as it is fetched: text table of the true size, in bfloat16, no tokenizer."""
    config = ModelConfig.model_validate({**published_config.model_dump(), "text_vocab_rows": 33280})
    write_random_folder(config, tmp_path / "made", seed=3, dtype=torch.bfloat16)
    return put(cache, "allenai/uio2-large-bfloat16", tmp_path / "made")


def test_a_released_model_loads_by_its_name_with_the_tokenizer_of_another(
    cache: Path, released: Path, llama_file: Path
):
    put(cache, "meta-llama/Llama-2-7b-hf", llama_file.parent)
    predictor = unio.load(
        "allenai/uio2-large-bfloat16",
        device="cpu",
        dtype="bfloat16",
        modalities=["image"],
        tokenizer="meta-llama/Llama-2-7b-hf",
    )
    stored = {k: v for path in released.glob("*.safetensors") for k, v in load_file(path).items()}
    norm = predictor.model.encoder.norm.scale
    assert norm.dtype is torch.bfloat16
    assert torch.equal(norm, stored["encoder.encoder_norm.scale"])
    assert {value.dtype for value in stored.values()} == {torch.bfloat16}
    assert predictor.model.input_embedders.image.encoder.class_token.dtype is torch.float32
    assert predictor.tokenizer.encode("Where is the red ball?") == [6804, 338, 278, 2654, 8287, 29973]
    assert predictor.generate("Where is the red ball?", max_tokens=3).text is not None


def test_a_released_model_wants_llamas_tokenizer(released: Path, tiny_model_folder: Path):
    with pytest.raises(
        InputError, match=r"has no tokenizer: got no tokenizer.model there.*; fix: accept the"
    ):
        unio.load("allenai/uio2-large-bfloat16")
    with pytest.raises(InputError, match="is not the tokenizer of LLaMA 1 and 2: got 290 pieces"):
        unio.load("allenai/uio2-large-bfloat16", tokenizer=tiny_model_folder)


def test_a_model_that_is_nowhere(cache: Path):
    with pytest.raises(
        InputError,
        match="someone/nothing is neither a folder here nor in the hub's cache, and the hub was not",
    ):
        unio.load("someone/nothing")


def test_one_file(cache: Path, published_folder: Path):
    folder = put(cache, "someone/words", published_folder)
    assert fetch_file("someone/words", "tokenizer.model") == folder / "tokenizer.model"
    with pytest.raises(InputError, match="neither a folder here nor in the hub's cache"):
        fetch_file("someone/words", "other.model")


def http_error(name: str) -> Exception:
    """One of the hub's errors, as its server's answer makes it."""
    kind = getattr(errors, name)
    error = kind.__new__(kind)
    Exception.__init__(error, f"{name} told\nin two lines")
    return error


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (
            lambda: http_error("GatedRepoError"),
            "a/b may be read only by those .*: fix: accept it at huggingface",
        ),
        (
            lambda: http_error("RepositoryNotFoundError"),
            "a/b is neither a folder here nor a model on the hub",
        ),
        (lambda: http_error("HFValidationError"), "a/b is neither a folder here nor a model on the hub"),
        (lambda: http_error("RevisionNotFoundError"), "a/b has no such revision on the hub"),
        (
            lambda: http_error("EntryNotFoundError"),
            "a/b lacks a file on the hub: got EntryNotFoundError told$",
        ),
        (lambda: OSError("broken line"), "the hub did not serve a/b: got broken line"),
    ],
)
def test_the_hubs_errors_are_one_line(
    monkeypatch: pytest.MonkeyPatch, error: Callable[[], Exception], message: str
):
    def fail(*_: Any, **__: Any) -> str:
        raise error()

    monkeypatch.setattr(huggingface_hub, "snapshot_download", fail)
    with pytest.raises(InputError, match=message):
        fetch_folder("a/b")


def test_without_the_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(InputError, match=r"a/b is no folder here, and the hub .*: got .*; fix: pip install"):
        unio.load("a/b")
    with pytest.raises(MissingExtraError, match=r"'huggingface_hub' is not installed: fix: .*unio\[hub\]"):
        fetch_file("a/b", "tokenizer.model")
    with pytest.raises(MissingExtraError, match="'huggingface_hub' is not installed"):
        publish_folder(tmp_path, "a/b")


class FakeApi:
    """Writes down what the hub would have been asked."""

    calls: list[tuple[str, dict[str, Any]]]

    def __init__(self, token: str | None) -> None:
        FakeApi.calls = [("token", {"token": token})]

    def create_repo(self, name: str, **options: Any) -> None:
        self.calls.append((f"create {name}", options))

    def create_branch(self, name: str, **options: Any) -> None:
        self.calls.append((f"branch {name}", options))

    def upload_folder(self, *, folder_path: Path, **options: Any) -> SimpleNamespace:
        files = {path.name for path in folder_path.iterdir()}
        self.calls.append(("upload", {**options, "files": files}))
        return SimpleNamespace(commit_url="the/commit")


def test_publishing_uploads_a_whole_folder(monkeypatch: pytest.MonkeyPatch, tiny_model_folder: Path):
    monkeypatch.setattr(huggingface_hub, "HfApi", FakeApi)
    predictor = unio.load(tiny_model_folder)
    address = predictor.push_to_hub("me/tiny", private=True, token="t", revision="next", message="first")
    assert address == "the/commit"
    token, created, branch, (_, uploaded) = FakeApi.calls
    assert token == ("token", {"token": "t"})
    assert created == ("create me/tiny", {"private": True, "exist_ok": True})
    assert branch == ("branch me/tiny", {"branch": "next", "exist_ok": True})
    assert (uploaded["repo_id"], uploaded["revision"], uploaded["commit_message"]) == (
        "me/tiny",
        "next",
        "first",
    )
    assert uploaded["files"] >= {"config.json", "tokenizer.model", "README.md", "generation_config.json"}


def test_a_bad_name_is_not_published(tmp_path: Path):
    with pytest.raises(
        InputError, match="not the name of a model on the hub: got 'tiny'; expected owner/model"
    ):
        publish_folder(tmp_path, "tiny")


def test_what_is_not_the_hubs_fault_is_not_hidden():
    with pytest.raises(ZeroDivisionError):
        hub._told("a/b", lambda: 1 // 0)
