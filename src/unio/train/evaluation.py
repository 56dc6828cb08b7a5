"""`ModelEvaluation`: held-out losses and sample outputs, now and then while a model trains.

Losses go to ``evaluation.jsonl``, one line an evaluation; outputs to ``samples/step-<n>/``, one picture
or text a task. Both are made with the averaged weights, which are those a run exports.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch

from unio.core import UnioError
from unio.data import Maker, Source, family_of
from unio.data.tasks import TASKS
from unio.infer import Predictor
from unio.media import save_image, write_whole
from unio.model import compute_loss
from unio.schema import Batch
from unio.train.agreement import agree, count_tokens
from unio.train.attribution import sums_by_kind
from unio.train.evaluation_config import EvaluationConfig
from unio.train.ghosts import with_ghosts
from unio.train.log_file import EVALUATION_LOG, append_line
from unio.train.model_learner import ModelLearner
from unio.train.processes import SOLO, Processes
from unio.train.sharding import ParallelConfig, free_gathered, gathered
from unio.train.step import Precision, autocast
from unio.train.step_report import Sums, add_sums
from unio.vocab import TextTokenizer

__all__ = ["ModelEvaluation"]

SAMPLES = "samples"


class ModelEvaluation:
    """Evaluates a learner's model.

    Every one of ``processes`` takes its share of the held-out batches. Samples are drawn by the first,
    while all hold the whole model.
    """

    def __init__(
        self,
        learner: ModelLearner,
        config: EvaluationConfig,
        *,
        maker: Maker,
        source: Source,
        tokenizer: TextTokenizer,
        tasks: Sequence[str],
        out: Path,
        precision: Precision,
        processes: Processes = SOLO,
        parallel: ParallelConfig | None = None,
    ) -> None:
        """``maker`` makes the held-out batches, ``source`` the examples whose outputs are drawn.

        ``parallel`` is what several processes spread the model by.
        """
        self._learner = learner
        self._config = config
        self._maker = maker
        self._source = source
        self._tokenizer = tokenizer
        self._tasks = list(config.tasks or tasks)
        self._out = out
        self._precision: Precision = precision
        self._processes = processes
        self._parallel = parallel or ParallelConfig()

    @property
    def every_steps(self) -> int:
        """Steps between two evaluations."""
        return self._config.every_steps

    @torch.no_grad()
    def run(self, step: int, *, is_stopped: Callable[[], bool]) -> str | None:
        """Evaluate, and say what came out; None if ``is_stopped`` became true, which is asked often."""
        model = self._learner.model
        model.eval()
        try:
            with self._learner.average.swapped_in():
                try:
                    losses = self._losses(is_stopped)
                finally:
                    free_gathered(model)  # before the trained weights come back
                if losses is None or not self._draw(step, is_stopped):
                    return None
        finally:
            model.train()
        line = {"step": step, "losses": losses}
        if self._processes.is_first:
            append_line(self._out / EVALUATION_LOG, line)
        shown = "  ".join(f"{name} {value:.3f}" for name, value in losses.items() if "/" not in name)
        return f"step {step}: held out  {shown}"

    def _losses(self, is_stopped: Callable[[], bool]) -> dict[str, float] | None:
        sums: Sums = {}
        for first in range(0, self._config.batches, self._processes.size):
            if is_stopped():
                return None
            place = first + self._processes.rank
            made = self._processes.together(lambda place=place: self._maker.make(place))
            # Beyond the last batch a process computes with the others, and counts nothing.
            self._measure(made.batch, sums if place < self._config.batches else {})
        total: Sums = {}
        for one in self._processes.gather(sums):
            add_sums(total, one)
        return {name: round(value / count, 5) for name, (value, count) in sorted(total.items())}

    def _measure(self, arrays: Batch[np.ndarray], sums: Sums) -> None:
        model = self._learner.model
        if self._processes.size > 1:
            streams, targets = agree([arrays], processes=self._processes).present[0]
            arrays = with_ghosts(arrays, streams=streams, targets=targets, config=model.config)
        batch = arrays.map(lambda array: torch.as_tensor(array).to(model.device))
        with autocast(model.device, self._precision):
            report = compute_loss(model, batch)
        add_sums(sums, sums_by_kind(arrays, report, paradigms={}))
        for name, loss in report.by_modality.items():
            tokens = count_tokens(arrays, name)
            if tokens:
                add_sums(sums, {name.value: (float(loss) * tokens, tokens)})

    def _draw(self, step: int, is_stopped: Callable[[], bool]) -> bool:
        """Sample outputs; False if stopped before the end."""
        if not self._config.samples:
            return True
        predictor = Predictor(self._learner.model, self._tokenizer)
        folder = self._out / SAMPLES / f"step-{step:08d}"
        with gathered(self._learner.model, self._parallel):
            for task, index in self._wanted():
                if is_stopped():
                    return False
                if self._processes.is_first:
                    path = folder / f"{task.replace('/', '-')}-{index}"
                    _draw_one(predictor, self._source, task, index, path)
        return True

    def _wanted(self) -> Iterator[tuple[str, int]]:
        for task in self._tasks:
            for index in range(self._config.samples):
                yield task, index


def _draw_one(predictor: Predictor, source: Source, task: str, index: int, path: Path) -> None:
    """One example answered: its prediction as text, and drawn if it can be; what fails is told there."""
    told = ""
    try:
        example = source.example(task, 0, index)
        told = f"{example.prompt}\n"
        family = TASKS.get(family_of(task))
        options = predictor.decoding(family).model_copy(update={"seed": index})
        output = predictor.answer([example], options)[0]
        told += f"{output.text}\n"
        prediction = family.parse(output, example)
        drawn = prediction.draw()
    except UnioError as error:  # an answer of a model that has hardly begun may mean nothing
        write_whole(path.with_suffix(".txt"), f"{told}{error}\n".encode())
        return
    answer = json.dumps(prediction.to_json(), indent=1, default=str)
    write_whole(path.with_suffix(".txt"), f"{example.prompt}\n{answer}\n".encode())
    save_image(drawn, path.with_suffix(".png"))
