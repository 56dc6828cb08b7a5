import re
from typing import Any

import pytest
from tiny import RUN

from unio.core import ConfigError, UnioError, validate_config
from unio.data import Mixture
from unio.schema import TargetModality
from unio.train.model_config import BatchConfig, ModelRun, batch_groups

MIXTURE = Mixture(weights={"vqa": 3, "caption": 1, "depth": 2, "sort": 0})


def test_tasks_are_grouped_by_what_they_put_out() -> None:
    groups = batch_groups(MIXTURE, BatchConfig(text=4, image=2, audio=0))
    assert {modality: group.count for modality, group in groups.items()} == {
        TargetModality.TEXT: 4,
        TargetModality.IMAGE: 2,
    }
    assert groups[TargetModality.TEXT].mixture.shares == {"vqa": 0.75, "caption": 0.25}


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ({"text": 1, "image": 1, "audio": 1}, r"batch\.audio has no task.*set it to 0"),
        ({"text": 1, "image": 0, "audio": 0}, r"'depth' is never trained: got batch\.image=0"),
    ],
)
def test_counts_and_tasks_must_go_together(counts: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        batch_groups(MIXTURE, BatchConfig(**counts))


def test_an_unknown_task_is_told() -> None:
    with pytest.raises(UnioError, match="unknown task: got 'vqaa'; expected one of vqa"):
        batch_groups(Mixture(weights={"vqaa": 1}), BatchConfig(text=1, image=0, audio=0))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"start": "x"}, "either start or model: a model to go on from brings its own"),
        ({"image_codec": None}, "image_codec, or start"),
        ({"tokenizer": None}, "tokenizer, or start"),
        ({"lora": {"layers": ["*"], "rank": 1, "alpha": 1}}, "start beside lora"),
        ({"anew": ["decoder"]}, "start beside anew"),
        ({"export": "adapters"}, "lora beside export"),
        (
            {
                "start": "x",
                "model": None,
                "lora": {"layers": ["*"], "rank": 1, "alpha": 1},
                "export": "adapters",
            },
            "export: model beside another codec",
        ),
        ({"base_dtype": "bfloat16"}, "lora beside export: adapters or base_dtype"),
        ({"tune_encoders_from": 0.5}, "freeze_encoders: true beside tune_encoders_from"),
        ({"optimiser": {"learning_rate": 1, "kind": "sgd"}}, "optimiser.kind"),
        ({"recompute": "some"}, "recompute"),
        ({"decoding": {"dept": {}}}, "'dept' is none (`unio tasks` lists them)"),
    ],
)
def test_settings_that_cannot_go_together_are_told(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(message)):
        validate_config(ModelRun, RUN | changes, where="test")


def test_a_run_from_a_model_needs_no_more() -> None:
    run = {name: value for name, value in RUN.items() if name not in ("model", "image_codec", "audio_codec")}
    run = {name: value for name, value in run.items() if name != "tokenizer"}
    assert validate_config(ModelRun, run | {"start": "x"}, where="test").model is None
