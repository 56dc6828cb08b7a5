"""The Hugging Face hub: fetching a model's folder or a tokenizer, and publishing a folder.

Needs the extra ``unio[hub]``. What was fetched once is read from the hub's cache, without network too.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from unio.core import InputError, MissingExtraError

__all__ = ["RELEASED_MODELS", "fetch_file", "fetch_folder", "is_hub_name", "publish_folder"]

RELEASED_MODELS = tuple(
    f"allenai/uio2-{size}{precision}" for size in ("large", "xl", "xxl") for precision in ("", "-bfloat16")
)
"""The published checkpoints (spec section 15)."""

NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
SETTINGS = ("*.json", "tokenizer.model")

T = TypeVar("T")


def is_hub_name(name: str | Path) -> bool:
    """Whether ``name`` has the form ``owner/model``."""
    return isinstance(name, str) and NAME.fullmatch(name) is not None


def fetch_folder(name: str, *, revision: str | None = None, local_files_only: bool = False) -> Path:
    """The folder of the model ``name`` in the hub's cache, fetched where it is not there yet.

    Pickles are fetched only where there are no safetensors. Raises ``InputError`` if there is no such
    model, it may not be read, or it is not in the cache and the hub cannot be reached.
    """
    try:
        from huggingface_hub import snapshot_download  # pyright: ignore[reportUnknownVariableType]
    except ImportError as error:
        raise InputError(
            f"{name} is no folder here, and the hub cannot be asked",
            got="the package 'huggingface_hub' is not installed",
            fix="pip install 'unio[hub]'",
        ) from error

    def fetch(weights: str) -> Path:
        patterns = [*SETTINGS, weights]
        return Path(
            snapshot_download(
                name, revision=revision, allow_patterns=patterns, local_files_only=local_files_only
            )
        )

    folder = _told(name, lambda: fetch("*.safetensors"))
    return folder if any(folder.glob("*.safetensors")) else _told(name, lambda: fetch("*.bin"))


def fetch_file(name: str, file: str, *, local_files_only: bool = False) -> Path:
    """One file of the model ``name``, fetched where it is not in the cache. Raises as `fetch_folder`."""
    try:
        from huggingface_hub import hf_hub_download  # pyright: ignore[reportUnknownVariableType]
    except ImportError as error:
        raise MissingExtraError("huggingface_hub", extra="hub") from error
    return Path(_told(name, lambda: hf_hub_download(name, file, local_files_only=local_files_only)))


def publish_folder(
    folder: Path,
    name: str,
    *,
    private: bool = False,
    token: str | None = None,
    revision: str | None = None,
    message: str = "Model saved by unio",
) -> str:
    """Upload a folder as the model ``name``, made where there is none, and return the commit's address.

    Raises ``InputError`` if the hub refuses.
    """
    if not is_hub_name(name):
        raise InputError("not the name of a model on the hub", got=repr(name), expected="owner/model")
    try:
        from huggingface_hub import HfApi
    except ImportError as error:
        raise MissingExtraError("huggingface_hub", extra="hub") from error

    def publish() -> str:
        api = HfApi(token=token)
        api.create_repo(name, private=private, exist_ok=True)
        if revision is not None:
            api.create_branch(name, branch=revision, exist_ok=True)
        commit = api.upload_folder(
            repo_id=name, folder_path=folder, revision=revision, commit_message=message
        )
        return str(commit.commit_url)

    return _told(name, publish)


def _told(name: str, action: Callable[[], T]) -> T:
    """What ``action`` gives; the hub's many errors as an ``InputError`` of one line."""
    from huggingface_hub.errors import (
        EntryNotFoundError,
        GatedRepoError,
        HFValidationError,
        LocalEntryNotFoundError,
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    try:
        return action()
    except GatedRepoError as error:
        raise InputError(
            f"{name} may be read only by those who accepted its licence",
            fix=f"accept it at huggingface.co/{name}, then log in with `hf auth login`",
        ) from error
    except (RepositoryNotFoundError, HFValidationError) as error:
        raise InputError(
            f"{name} is neither a folder here nor a model on the hub that you may read",
            expected=f"a folder, or a name such as {RELEASED_MODELS[0]}",
        ) from error
    except RevisionNotFoundError as error:
        raise InputError(f"{name} has no such revision on the hub") from error
    except LocalEntryNotFoundError as error:
        raise InputError(
            f"{name} is neither a folder here nor in the hub's cache, and the hub was not reached",
            fix="check the name and the network; a model fetched once is found without network",
        ) from error
    except EntryNotFoundError as error:
        raise InputError(f"{name} lacks a file on the hub", got=_first_line(error)) from error
    except OSError as error:
        raise InputError(f"the hub did not serve {name}", got=_first_line(error)) from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:160]
