from dataclasses import dataclass

import tiny

from unio.schema import InputModality, TargetModality
from unio.train.agreement import agree, count_tokens
from unio.train.processes import SOLO, Processes


def test_tokens_are_those_of_all_batches() -> None:
    batches = [tiny.tiny_maker(text=2).make(0).batch, tiny.tiny_maker(audio=3).make(1).batch]
    agreement = agree(batches, processes=SOLO)
    assert agreement.tokens[TargetModality.AUDIO] == 3 * 4
    assert agreement.tokens[TargetModality.IMAGE] == 0
    assert agreement.tokens[TargetModality.TEXT] == count_tokens(batches[0], TargetModality.TEXT)
    assert agreement.present == (
        (frozenset({InputModality.TEXT, InputModality.IMAGE}), frozenset({TargetModality.TEXT})),
        (frozenset({InputModality.TEXT}), frozenset({TargetModality.AUDIO})),
    )


def test_what_another_process_has_counts_too() -> None:
    @dataclass(frozen=True, kw_only=True)
    class WithOneMore(Processes):
        def sum(self, values: list[float]) -> list[float]:  # type: ignore[override]
            return [value + 1 for value in values]

    agreement = agree([tiny.tiny_maker(text=2).make(0).batch], processes=WithOneMore())
    assert agreement.tokens[TargetModality.IMAGE] == 1
    assert agreement.present == ((frozenset(InputModality), frozenset(TargetModality)),)
