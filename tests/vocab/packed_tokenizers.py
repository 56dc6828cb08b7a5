"""LLaMA's and Mistral's tokenizers for tests, rebuilt from the npm packages that hold their pieces.

npm fetches the package when a test asks for it; where there is no npm, or no network, such tests are
skipped with the reason. A folder with the unpacked package, named by a variable, does without both.
"""

import hashlib
import os
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.vocab.rebuild_tokenizer import rebuild

__all__ = ["LLAMA", "MISTRAL", "PackedTokenizer", "rebuilt_tokenizer"]

MAX_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class PackedTokenizer:
    """An npm package of a fixed version, its digest, the script in it, the variable that may name it."""

    package: str
    version: str
    sha256: str
    script: str
    variable: str


LLAMA = PackedTokenizer(
    package="llama-tokenizer-js",
    version="1.2.2",
    sha256="ee83014ac8b379b16cf8d81e99ffcdb23dfade8c0d2e751bd06e7dc0b8476e72",
    script="llama-tokenizer.js",
    variable="UNIO_LLAMA_TOKENIZER_PACKAGE",
)
MISTRAL = PackedTokenizer(
    package="mistral-tokenizer-js",
    version="1.0.0",
    sha256="e88fa5d2745641fa926da6386b64282d4268d129ed3496ec5896c77e5cbcadd7",
    script="mistral-tokenizer.js",
    variable="UNIO_MISTRAL_TOKENIZER_PACKAGE",
)


def rebuilt_tokenizer(packed: PackedTokenizer, folder: Path) -> Path:
    """``folder/tokenizer.model`` of the package. Skips the test where the package cannot be had."""
    named = os.environ.get(packed.variable)
    if named is None:
        script = folder / packed.script
        script.write_bytes(_script_of(_archive(packed, folder), packed.script))
    else:
        script = Path(named) / packed.script
    model = folder / "tokenizer.model"
    rebuild(script, model)
    return model


def _archive(packed: PackedTokenizer, folder: Path) -> Path:
    """The package's archive, fetched into ``folder``."""
    wanted = f"{packed.package}@{packed.version}"
    instead = f"{packed.variable} names no unpacked {wanted}"
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip(f"npm is not installed, and {instead}")
    command = [npm, "pack", "--loglevel=error", "--ignore-scripts", wanted]
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=False, timeout=MAX_SECONDS
        )
    except subprocess.TimeoutExpired:
        pytest.skip(f"npm did not answer in {MAX_SECONDS} s, and {instead}")
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["nothing"])[0]
        pytest.skip(f"npm could not fetch {wanted} ({said}), and {instead}")
    (archive,) = folder.glob("*.tgz")
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    assert found == packed.sha256, f"{wanted} is not the archive it was"
    return archive


def _script_of(archive: Path, name: str) -> bytes:
    with tarfile.open(archive) as opened:
        content = opened.extractfile(f"package/{name}")
        assert content is not None, f"no {name} in {archive.name}"
        return content.read()
