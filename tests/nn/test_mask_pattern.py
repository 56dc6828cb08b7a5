import torch

from unio.nn.attention_pattern import Layout, SegmentPattern
from unio.nn.mask_pattern import MaskPattern


def test_a_mask_of_segments_sees_what_segments_see() -> None:
    torch.manual_seed(0)
    queries, keys, values = torch.randn(3, 1, 2, 5, 4)
    layout = Layout.end_to_end([2, 3])
    owners = torch.tensor([[0, 0, 1, 1, 1]])
    mask = (owners[:, :, None] == owners[:, None, :])[:, None]
    expected = SegmentPattern(layout, layout, device=queries.device).attend(queries, keys, values, scale=0.5)
    found = MaskPattern(mask).attend(queries, keys, values, scale=0.5)
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-6)
