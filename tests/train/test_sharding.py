import pytest
import torch

from unio.core import ConfigError
from unio.model import ModelConfig, random_model
from unio.train.processes import SOLO, Processes
from unio.train.sharding import ParallelConfig, full_tensors, shard_model, whole


def test_replicas_must_divide_the_processes(tiny_config: ModelConfig) -> None:
    with pytest.raises(
        ConfigError, match=r"cannot be divided into replicas: got 3 processes, parallel\.replicas=2"
    ):
        shard_model(
            random_model(tiny_config, seed=1),
            ParallelConfig(replicas=2),
            processes=Processes(rank=0, size=3),
            device=torch.device("cpu"),
        )


def test_plain_tensors_are_whole() -> None:
    value = torch.ones(2)
    assert whole(value) is value


def test_all_parameters_are_gathered(tiny_config: ModelConfig) -> None:
    model = random_model(tiny_config, seed=1)
    tensors = full_tensors(model, processes=SOLO)
    assert tensors.keys() == dict(model.named_parameters()).keys()
