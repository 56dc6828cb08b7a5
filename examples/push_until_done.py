"""Let the model push things in the simulator, looking again after each push: [SEED] [MODEL]."""

import sys
from collections.abc import Sequence

import unio
from unio.data.sources.playroom import PlayroomSource, closed_loop
from unio.data.tasks import task
from unio.schema import Example


def main(seed: str = "0", model: str = "unio-nano") -> None:
    predictor = unio.load(model)
    act = task("act")

    def policy(examples: Sequence[Example]) -> list[unio.Prediction]:
        outputs = predictor.answer(examples, act.decoding)
        return [act.parse(output, example) for output, example in zip(outputs, examples, strict=True)]

    source = PlayroomSource(split="test")
    trials = closed_loop([source.push_trial(int(seed), index) for index in range(4)], policy)
    for trial in trials:
        print(f"{trial.instruction}: {'done' if trial.success else 'not done'} after {trial.pushes} pushes")


if __name__ == "__main__":
    main(*sys.argv[1:])
