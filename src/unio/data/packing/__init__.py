"""Packing: examples share one encoder and one decoder row, under two budgets at once (spec section 12)."""

from unio.data.packing.choose import choose_row, slack
from unio.data.packing.config import PackingConfig, balanced_budgets
from unio.data.packing.lay_out import RowLengths, collate_packed
from unio.data.packing.maker import PackedBatchMaker
from unio.data.packing.sizes import Sizes, measure
from unio.data.packing.work import WorkModel

__all__ = [
    "PackedBatchMaker",
    "PackingConfig",
    "RowLengths",
    "Sizes",
    "WorkModel",
    "balanced_budgets",
    "choose_row",
    "collate_packed",
    "measure",
    "slack",
]
