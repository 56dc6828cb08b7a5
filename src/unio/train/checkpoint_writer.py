"""`CheckpointWriter`: checkpoints written by a thread while training goes on."""

import shutil
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, cast

import torch.distributed as dist

from unio.train.checkpoint import Checkpoint, Team, save_checkpoint, unfinished_folders
from unio.train.processes import SOLO, Processes
from unio.train.snapshot import snapshot

__all__ = ["CheckpointWriter"]


class CheckpointWriter:
    """Saves into ``folder`` and keeps the last ``keep`` there.

    ``save`` copies the tensors and returns; a thread writes them. One checkpoint is written at a time:
    the next ``save``, and leaving the ``with`` block, wait for it and raise its ``CheckpointError``.
    What an interrupted run left half-written is removed on entering. Every one of ``processes`` must
    make, enter and call its own.
    """

    def __init__(
        self, folder: Path, *, keep: int, is_asynchronous: bool = True, processes: Processes = SOLO
    ) -> None:
        self._folder = folder
        self._keep = keep
        self._is_asynchronous = is_asynchronous
        # Its own group: the thread's talk must not mix with that of the training steps.
        group: Any = cast(Any, dist).new_group(backend="gloo") if processes.size > 1 else None
        self._team = Team(rank=processes.rank, group=group)
        self._thread: threading.Thread | None = None
        self._error: Exception | None = None

    def save(self, checkpoint: Checkpoint) -> None:
        """Write ``checkpoint`` as it is now. Raises ``CheckpointError`` if the one before failed."""
        self.wait()
        if not self._is_asynchronous:
            save_checkpoint(self._folder, checkpoint, keep=self._keep, team=self._team)
            return
        copied = Checkpoint(
            step=checkpoint.step, parts=snapshot(checkpoint.parts), facts=dict(checkpoint.facts)
        )
        self._thread = threading.Thread(target=self._write, args=(copied,), name="unio-checkpoint")
        self._thread.start()

    def wait(self) -> None:
        """Until nothing is being written. Raises ``CheckpointError`` if it could not be."""
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        error, self._error = self._error, None
        if error is not None:
            raise error

    def __enter__(self) -> "CheckpointWriter":
        if self._team.rank == 0:
            for folder in unfinished_folders(self._folder):
                shutil.rmtree(folder, ignore_errors=True)
        self._team.wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self.wait()
        elif self._thread is not None:
            self._thread.join()  # the error that ends the run is told, not one of the writing besides

    def _write(self, checkpoint: Checkpoint) -> None:
        try:
            save_checkpoint(self._folder, checkpoint, keep=self._keep, team=self._team)
        except Exception as error:  # raised again by the training thread
            self._error = error
