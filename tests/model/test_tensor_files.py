import os
import pickle
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from unio.core import WeightsError
from unio.model import tensor_files
from unio.model.tensor_files import TensorSpec, open_tensor_file

TENSORS = {"a": torch.tensor([1.5, 2.5]).bfloat16(), "b": torch.eye(3), "c": torch.arange(5.0)}


class Attack:
    """What unpickles to a call."""

    def __reduce__(self):
        return os.mkdir, ("harm",)


def write(path: Path, tensors: dict[str, torch.Tensor]) -> Path:
    if path.suffix == ".safetensors":
        save_file(tensors, path)
    else:
        torch.save(tensors, path)
    return path


@pytest.fixture(params=["one.safetensors", "one.bin"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return write(tmp_path / request.param, TENSORS)


def test_headers_are_known_without_reading(path: Path):
    specs = open_tensor_file(path).specs
    assert specs["a"] == TensorSpec(shape=(2,), dtype=torch.bfloat16)
    assert (specs["b"].count, specs["b"].nbytes) == (9, 36)


def test_tensors_come_in_the_order_asked_for(path: Path):
    found = [(name, tensor.clone()) for name, tensor in open_tensor_file(path).read(["c", "a"])]
    assert [name for name, _ in found] == ["c", "a"]
    assert all(torch.equal(tensor, TENSORS[name]) for name, tensor in found)


def test_groups_are_mapped_one_after_the_other(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tensor_files, "GROUP_BYTES", 24)
    file = open_tensor_file(path)
    assert list(file._groups(["a", "c", "b", "a"])) == [["a", "c"], ["b"], ["a"]]
    assert [name for name, _ in file.read(["b", "c", "a"])] == ["b", "c", "a"]


@pytest.mark.parametrize("limit", [1, 20, 24, 1000])
def test_copies_are_converted_and_large_tensors_come_in_pieces(
    path: Path, monkeypatch: pytest.MonkeyPatch, limit: int
):
    monkeypatch.setattr(tensor_files, "GROUP_BYTES", limit)
    targets = {name: torch.full(tensor.shape, -1.0).double() for name, tensor in TENSORS.items()}
    open_tensor_file(path).copy_into(targets)
    assert all(torch.equal(target, TENSORS[name].double()) for name, target in targets.items())


def test_a_single_number_is_copied(tmp_path: Path):
    path = write(tmp_path / "one.safetensors", {"a": torch.tensor(3.0)})
    targets = {"a": torch.zeros(())}
    open_tensor_file(path).copy_into(targets)
    assert targets["a"].item() == 3.0


def test_a_pickle_of_old_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tensor_files, "GROUP_BYTES", 1)
    torch.save(TENSORS, tmp_path / "old.bin", _use_new_zipfile_serialization=False)
    file = open_tensor_file(tmp_path / "old.bin")
    assert list(file._groups(["a", "b"])) == [["a", "b"]]
    assert torch.equal(dict(file.read(["b"]))["b"], TENSORS["b"])
    targets = {"b": torch.zeros(3, 3)}
    file.copy_into(targets)
    assert torch.equal(targets["b"], TENSORS["b"])


def test_a_file_cut_short_is_refused(path: Path):
    path.write_bytes(path.read_bytes()[:-7])
    with pytest.raises(
        WeightsError, match=rf"cannot read .*{path.name}: got .*; expected a complete .*; fix:"
    ):
        open_tensor_file(path)


@pytest.mark.parametrize("content", [None, b"", b"no weights at all", b"PK\x03\x04 nor here"])
@pytest.mark.parametrize("name", ["one.safetensors", "one.bin"])
def test_a_missing_or_broken_file_is_refused(tmp_path: Path, content: bytes | None, name: str):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(WeightsError, match=r"cannot read .*; fix: fetch or write the file again"):
        open_tensor_file(tmp_path / name)


def test_integers_are_no_weights(path: Path):
    write(path, {"a": torch.zeros(2, dtype=torch.int64)})
    with pytest.raises(WeightsError, match=r"a is no weight: got another dtype; expected float64, 32 or 16"):
        open_tensor_file(path)


@pytest.mark.parametrize("is_zip", [True, False])
def test_code_in_a_pickle_is_named_and_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_zip: bool):
    monkeypatch.chdir(tmp_path)
    torch.save({**TENSORS, "x": Attack()}, "bad.bin", _use_new_zipfile_serialization=is_zip)
    with pytest.raises(
        WeightsError, match=r"bad.bin holds code .* not run: got posix.mkdir; expected tensors"
    ):
        open_tensor_file(Path("bad.bin"))
    Path("bare.bin").write_bytes(pickle.dumps(Attack()))
    with pytest.raises(WeightsError, match=r"bare.bin"):
        open_tensor_file(Path("bare.bin"))
    assert not Path("harm").exists()


@pytest.mark.parametrize(
    ("state", "got"),
    [
        ([torch.zeros(1)], "list"),
        ({"a": torch.zeros(1), "epoch": 3}, "a dictionary with int at 'epoch'"),
        ({3: torch.zeros(1)}, "a dictionary with NoneType at None"),
    ],
)
def test_a_pickle_of_something_else_is_refused(tmp_path: Path, state: object, got: str):
    torch.save(state, tmp_path / "one.bin")
    with pytest.raises(WeightsError, match=f"holds no weights: got {got}; expected tensors by name"):
        open_tensor_file(tmp_path / "one.bin")
