"""Where a run's log goes besides its JSON lines: TensorBoard and Weights & Biases, both optional packages.

Nothing is sent anywhere unless ``wandb_online`` is asked for: ``wandb`` writes its files into the run's
folder, from where ``wandb sync`` sends them when their owner wants it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Protocol

from unio.core import MissingExtraError

__all__ = ["TensorBoardTracker", "Tracker", "TrackerName", "WandbTracker", "flat", "make_trackers"]

TrackerName = Literal["tensorboard", "wandb", "wandb_online"]


class Tracker(Protocol):
    """Something that shows log lines."""

    def log(self, line: Mapping[str, Any]) -> None:
        """Take a line of `Meters`."""
        ...

    def close(self) -> None:
        """The run is over, or stopped: write what is left."""
        ...


class TensorBoardTracker:
    """Writes event files into ``folder``. Raises ``MissingExtraError`` without tensorboard."""

    def __init__(self, folder: Path) -> None:
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError as error:
            raise MissingExtraError("tensorboard", extra="tensorboard") from error
        self._writer: Any = SummaryWriter(log_dir=str(folder))

    def log(self, line: Mapping[str, Any]) -> None:
        """One scalar a figure, at the line's step."""
        for name, value in flat(line).items():
            self._writer.add_scalar(name, value, global_step=line["step"])
        self._writer.flush()

    def close(self) -> None:
        """Close the event file."""
        self._writer.close()


class WandbTracker:
    """A Weights & Biases run called ``name``, offline in ``folder`` unless ``is_online``.

    A run that is taken up again becomes another of the same group. Raises ``MissingExtraError`` without
    wandb.
    """

    def __init__(
        self, name: str, *, folder: Path, config: Mapping[str, Any], is_online: bool = False
    ) -> None:
        try:
            import wandb  # pyright: ignore[reportMissingImports]
        except ImportError as error:
            raise MissingExtraError("wandb", extra="wandb") from error
        module: Any = wandb  # pyright: ignore[reportUnknownVariableType]
        folder.mkdir(parents=True, exist_ok=True)
        self._run: Any = module.init(
            project="unio",
            name=name,
            group=name,
            dir=str(folder),
            config=dict(config),
            mode="online" if is_online else "offline",
        )

    def log(self, line: Mapping[str, Any]) -> None:
        """All figures of the line, at its step."""
        self._run.log(flat(line), step=line["step"])

    def close(self) -> None:
        """Finish the run."""
        self._run.finish()


def make_trackers(
    names: tuple[TrackerName, ...], *, name: str, out: Path, config: Mapping[str, Any]
) -> list[Tracker]:
    """The trackers called ``names`` for a run in ``out``."""
    made: list[Tracker] = []
    for kind in names:
        match kind:
            case "tensorboard":
                made.append(TensorBoardTracker(out / "tensorboard"))
            case "wandb" | "wandb_online":
                is_online = kind == "wandb_online"
                made.append(WandbTracker(name, folder=out, config=config, is_online=is_online))
    return made


def flat(line: Mapping[str, Any]) -> dict[str, float]:
    """A log line's figures under one level of names, the step left out.

    Example::

        {"step": 2, "losses": {"text": 1.5}, "skipped": 0}  ->  {"losses/text": 1.5, "skipped": 0.0}
    """
    figures: dict[str, float] = {}
    for name, value in line.items():
        if name == "step":
            continue
        if isinstance(value, Mapping):
            figures |= {f"{name}/{key}": float(one) for key, one in value.items()}  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
        else:
            figures[name] = float(value)
    return figures
