"""A mixture of data sets on disk, through the loader: the same order for any workers, ranks and restarts."""

import json
from itertools import islice

import pytest
from synthetic import GEOMETRY, LetterTokenizer

from unio.core import InputError
from unio.data import BatchMaker, Group, Loader, LoaderConfig
from unio.data.mixture_file import load_mixture
from unio.data.sources.mixed import MixedSource, open_data_sets
from unio.schema import TargetModality
from unio.train.feeds import StridedMaker

SIZES = {"few": 4, "many": 16}


@pytest.fixture
def maker(tmp_path):
    """``maker(broken)``: batches of two, of two data sets; ``broken`` rows of each file are bad."""

    def make(broken=0):
        for name, size in SIZES.items():
            (tmp_path / name).mkdir(exist_ok=True)
            for part in range(2):  # two files: shards that are shuffled, and rows shuffled within them
                rows = [{"ask": f"{name} {part}.{row}", "answer": "x"} for row in range(size // 2)]
                rows[:broken] = [{"ask": "bad"}] * min(broken, len(rows))
                (tmp_path / name / f"{part}.jsonl").write_text("\n".join(map(json.dumps, rows)))
            columns = {"instruct": {"instruction": "ask", "response": "answer"}}
            reader = {"kind": "table", "files": ["*.jsonl"], "tasks": columns}
            about = dict.fromkeys(("title", "licence", "get", "folder"), "none")
            values = {"name": name, **about, "reader": reader}
            (tmp_path / f"{name}.yaml").write_text(json.dumps(values))  # JSON is YAML
        part = {"rate": 1, "tasks": ["instruct"], "data": list(SIZES)}
        (tmp_path / "mix.yaml").write_text(
            json.dumps({"title": "m", "groups": {"g": {"parts": {"p": part}}}})
        )
        source = MixedSource(
            sets=open_data_sets({name: tmp_path / name for name in SIZES}, builders=tmp_path)
        )
        mixture = load_mixture(tmp_path / "mix.yaml").weigh(source.offers()).mixture
        groups = {TargetModality.TEXT: Group(mixture=mixture, count=2)}
        return BatchMaker(
            source=source, tokenizer=LetterTokenizer(), geometry=GEOMETRY, groups=groups, seed=3
        )

    return make


def prompts(batches):
    return [batch.streams["text"].values.tolist() for batch in batches]


def take(maker, count, *, workers=0, start=0):
    with Loader(maker, config=LoaderConfig(workers=workers, ahead=2), start_step=start) as loader:
        return prompts(islice(loader, count))


def test_roots_of_sizes_weigh_the_data_sets(maker):
    (group,) = maker().groups.values()
    assert group.mixture.shares == pytest.approx({"few/instruct": 1 / 3, "many/instruct": 2 / 3})


def test_workers_and_restarts_change_nothing(maker):
    made = maker()
    alone = take(made, 6)
    assert take(made, 6, workers=2) == alone
    assert take(made, 2, workers=1, start=4) == alone[4:]


def test_ranks_share_the_batches(maker):
    made = maker()
    alone = take(made, 6)
    for rank in range(2):
        assert take(StridedMaker(made, rank, 2), 3) == alone[rank::2]


def test_broken_rows_are_told_with_their_data_set_and_then_stop_the_run(maker):
    told = []
    config = LoaderConfig(workers=0, max_broken_share=0.1)
    loader = Loader(maker(broken=2), config=config, report=told.append)
    with pytest.raises(InputError, match=r"too many broken examples.*raise loader.max_broken_share"):
        list(islice(loader, 60))
    assert "of task 'few/instruct'" in told[0] or "of task 'many/instruct'" in told[0]
    assert "jsonl line" in told[0]
    assert "no column 'answer'" in told[0]
