from pathlib import Path

import pytest

from unio.core import InputError
from unio.data.packages import DEMONSTRATIONS, demonstrate
from unio.data.packages.episodes import lay_out_episodes
from unio.data.sources.builder import load_builder
from unio.data.sources.read_source import ReadSource

BUILDERS = Path(__file__).parents[3] / "configs" / "data"


def test_both_splits_are_read_by_their_builder(tmp_path):
    pytest.importorskip("metaworld")
    made = demonstrate(DEMONSTRATIONS.get("metaworld"), tmp_path / "arm", count=1)
    assert made.counts == {"episodes-train": 1, "episodes-test": 1}
    assert "MIT" in (made.folder / "LICENCE.txt").read_text()
    for split in ("train", "test"):
        source = ReadSource(load_builder(BUILDERS / "metaworld.yaml"), made.folder, split)
        assert source.example("manipulate", 0, 0).target_text.count("<extra_id_") == 7


def test_no_problem_is_too_few(tmp_path):
    with pytest.raises(InputError, match="too few problems: got 0; expected 1 or more"):
        lay_out_episodes(tmp_path, 0, simulator="pusht")
