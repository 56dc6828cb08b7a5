"""`ReadSource`: a data set on disk as a source of examples, shuffled anew in every round."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from unio.core import random_stream
from unio.data.order import ShardOrder, shuffled
from unio.data.sources.builder import Builder
from unio.data.sources.reader import Reader
from unio.data.tasks import TASKS
from unio.schema import Example

__all__ = ["ReadSource"]


@dataclass(frozen=True)
class ReadSource:
    """Examples of a builder's data set: a pure function of (task, seed, index), the same in every process.

    Only the builder and the folder travel to worker processes; each opens the files for itself, once.

    Example::

        source = ReadSource(load_builder("configs/data/vqav2.yaml"), Path("data/vqav2"))
        source.example("vqa", 0, 17).prompt
    """

    builder: Builder
    folder: Path
    split: str = field(default="train")

    @property
    def reader(self) -> Reader:
        """The opened data set. Raises ``InputError`` for a folder that does not hold it."""
        return _opened(self.builder.model_dump_json(), self.folder, self.split)

    def families(self) -> list[str]:
        """Names of the tasks that it has data for, and that are registered."""
        return [task for task in self.reader.tasks if task in TASKS]

    def example(self, task: str, seed: int, index: int) -> Example:
        """Example number ``index`` of a family: every entry once a round, another order every round.

        Entries of one file stay together where the data set is in shards. Raises ``InputError`` for a broken
        entry, with the place where it stands.
        """
        family = TASKS.get(task)
        shelf = self.reader.shelf(task)
        if shelf.sizes:
            number = ShardOrder(shelf.sizes).item(index, seed=seed)
        else:
            number = shuffled(index, len(shelf.entries), seed=seed, name=self.builder.name)
        rng = random_stream(seed, "data set", self.builder.name, task, index)
        return family.example(self.reader.record(task, number, rng), rng)


@cache
def _opened(builder: str, folder: Path, split: str) -> Reader:
    return Builder.model_validate_json(builder).open(folder, split=split)
