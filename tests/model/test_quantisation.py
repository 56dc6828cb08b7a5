import pytest
import torch
from torch import nn

from unio.core import InputError
from unio.model import ModelConfig, UnifiedIO, random_model, save_model
from unio.model.memory import Memory
from unio.model.quantisation import check_quantisation, quantise_decoder
from unio.nn import QuantisedLinear, line_rotary
from unio.schema import TargetModality


@pytest.fixture
def even_model(tiny_config: ModelConfig) -> UnifiedIO:
    """A trunk whose matrices are whole groups."""
    sizes = {"dim": 64, "num_heads": 2, "head_dim": 32, "mlp_dim": 96}
    trunk = tiny_config.trunk.model_copy(update=sizes)
    return random_model(tiny_config.model_copy(update={"trunk": trunk}), seed=3).eval()


def memory() -> Memory:
    hidden = torch.randn(2, 5, 64, generator=torch.Generator().manual_seed(2))
    mask = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]]).bool()
    return Memory(hidden=hidden, mask=mask, rotary=line_rotary(torch.arange(5).expand(2, 5), head_dim=32))


@pytest.mark.parametrize(("kind", "most"), [("int8", 0.03), ("int4", 0.3)])
@torch.inference_mode()
def test_logits_move_little_and_cached_steps_agree_with_teacher_forcing(even_model, kind, most):
    ids = torch.tensor([[5, 6, 7, 8], [9, 10, 11, 12]])
    before = even_model.logits(TargetModality.TEXT, ids, memory())
    quantise_decoder(even_model, kind)
    assert not any(isinstance(part, nn.Linear) for part in even_model.decoder.modules())
    after = even_model.logits(TargetModality.TEXT, ids, memory())
    assert (after - before).norm() / before.norm() < most
    cache = even_model.new_cache(TargetModality.TEXT, memory(), max_length=4)
    fed = torch.cat([torch.zeros(2, 1, dtype=torch.long), ids[:, :3]], dim=1)
    for step in range(4):
        stepped = even_model.decode_step(fed[:, step : step + 1], cache)
        torch.testing.assert_close(stepped, after[:, step], rtol=1e-4, atol=1e-4)


def test_the_encoder_stays_as_it_is(even_model):
    quantise_decoder(even_model, "int8")
    assert not any(isinstance(part, QuantisedLinear) for part in even_model.encoder.modules())


def test_unknown_kind():
    with pytest.raises(InputError, match=r"unknown quantisation.*'int3'.*int8, int4"):
        check_quantisation("int3", device="cpu")


def test_other_devices_are_refused():
    with pytest.raises(InputError, match="run on the CPU alone"):
        check_quantisation("int8", device="cuda")


def test_sizes_that_are_no_whole_groups_leave_the_model_as_it_was(fresh_model):
    with pytest.raises(InputError, match=r"cannot be quantised.*24 inputs.*multiples of 32"):
        quantise_decoder(fresh_model, "int4")
    assert not any(isinstance(part, QuantisedLinear) for part in fresh_model.modules())


def test_a_quantised_model_is_not_saved(even_model, tmp_path):
    quantise_decoder(even_model, "int8")
    with pytest.raises(InputError, match="a quantised model cannot be saved"):
        save_model(even_model, tmp_path / "model")
    assert not (tmp_path / "model").exists()
