import pytest
import tiny
import torch

from unio.model import ModelConfig, compute_loss, random_model
from unio.train.recompute import recompute_layers, recomputed


@pytest.mark.parametrize(("which", "count"), [("none", 0), ("trunk", 2), ("all", 6)])
def test_layers_that_run_twice_give_the_same_gradients(
    tiny_config: ModelConfig, which: str, count: int
) -> None:
    batch = tiny.tiny_maker().make(0).batch.map(torch.as_tensor)
    gradients: list[dict[str, torch.Tensor]] = []
    for choice in ("none", which):
        model = random_model(tiny_config, seed=1)
        recompute_layers(model, choice)  # type: ignore[arg-type]
        compute_loss(model, batch).total.backward()
        gradients.append({name: p.grad for name, p in model.named_parameters() if p.grad is not None})
    assert len(recomputed(random_model(tiny_config, seed=1), which)) == count  # type: ignore[arg-type]
    assert gradients[0].keys() == gradients[1].keys()
    for name, gradient in gradients[0].items():
        assert torch.equal(gradient, gradients[1][name]), name


def test_names_stay(tiny_config: ModelConfig) -> None:
    model = random_model(tiny_config, seed=1)
    before = list(model.state_dict())
    recompute_layers(model, "all")
    assert list(model.state_dict()) == before
