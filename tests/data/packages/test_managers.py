import os
import subprocess

import pytest

from unio.core import InputError
from unio.data.packages import PACKAGES, managers
from unio.data.packages.managers import download, download_command

APT, NPM = PACKAGES.get("tux_paint"), PACKAGES.get("openmoji")


@pytest.fixture
def client(tmp_path, monkeypatch):
    """``client(name, script)`` puts a shell script in the place of a package manager's client."""

    def put(name, script):
        path = tmp_path / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        monkeypatch.setenv("PATH", f"{path.parent}{os.pathsep}{os.environ['PATH']}")

    (tmp_path / "work").mkdir()
    return put


def test_commands_download_and_run_nothing():
    assert download_command(NPM) == ["npm", "pack", "--silent", "--ignore-scripts", "openmoji@17.0.0"]
    assert download_command(APT) == ["apt-get", "download", "--quiet", "tuxpaint-stamps-default"]


def test_the_archive_is_found(client, tmp_path):
    client("npm", 'echo "$@" > openmoji-17.0.0.tgz')
    path = download(NPM, tmp_path / "work")
    assert path.read_text() == "pack --silent --ignore-scripts openmoji@17.0.0\n"


def test_a_failure_is_told_with_what_to_do(client, tmp_path):
    client("apt-get", "echo 'E: no network' >&2; exit 100")
    with pytest.raises(
        InputError,
        match=r"apt-get could not download tuxpaint-stamps-default: got status 100: E: no network; .*"
        r"try 'apt-get update' first, or download it elsewhere with 'apt-get download .*--archive",
    ):
        download(APT, tmp_path / "work")


def test_a_silent_failure_and_no_archive_are_told(client, tmp_path):
    client("npm", "exit 3")
    with pytest.raises(
        InputError, match=r"could not download openmoji: got status 3: nothing; .*fix: download"
    ):
        download(NPM, tmp_path / "work")
    client("npm", "exit 0")
    with pytest.raises(InputError, match=r"npm brought no archive of openmoji: got 0 files"):
        download(NPM, tmp_path / "work")


def test_a_missing_client_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match=r"npm is not installed: fix: download it elsewhere"):
        download(NPM, tmp_path)


def test_a_client_that_hangs_is_told(tmp_path, monkeypatch):
    def hang(command, **_):
        raise subprocess.TimeoutExpired(command, 2)

    monkeypatch.setattr(managers.subprocess, "run", hang)
    with pytest.raises(InputError, match=r"npm took more than 1800 seconds"):
        download(NPM, tmp_path)
