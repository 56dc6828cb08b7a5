import torch

from unio.train.snapshot import snapshot


def test_a_snapshot_does_not_follow() -> None:
    live = torch.ones(2, 3)
    taken = snapshot({"model": {"a": live.T}, "empty": {}})
    live.zero_()
    assert torch.equal(taken["model"]["a"], torch.ones(3, 2))
    assert taken["model"]["a"].is_contiguous()
    assert taken["empty"] == {}
