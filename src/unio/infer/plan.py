"""What options mean for one target modality: how long an answer may be, and its grammar (spec section 14)."""

from collections.abc import Sequence
from dataclasses import dataclass

from unio.core import InputError
from unio.infer.grammar import Grammar, codes, filled_form, free_text, location_bias, locations_only
from unio.model import ModelConfig
from unio.schema import DecodingOptions, TargetModality
from unio.vocab import VocabLayout

__all__ = ["DecodingPlan", "check_options", "plan_decoding"]

TEXT_ONLY = ("max_tokens", "choices", "locations", "location_bias", "form")
"""Options that say nothing about a picture or a sound."""


@dataclass(frozen=True, kw_only=True, eq=False)
class DecodingPlan:
    """``length``: most tokens of a text, exactly the codes of a picture or sound."""

    length: int
    grammar: Grammar


def check_options(options: DecodingOptions, modality: TargetModality) -> None:
    """Raise ``InputError`` for options that the target modality has no use for."""
    if modality is TargetModality.TEXT:
        if options.guidance > 0:
            raise InputError(
                "guidance is for pictures and sounds",
                got=f"guidance={options.guidance:g} for text",
                fix="leave guidance out",
            )
        if options.jacobi_window is not None:
            raise InputError(
                "codes alone are drafted ahead",
                got=f"jacobi_window={options.jacobi_window} for text",
                fix="leave jacobi_window out",
            )
        if options.at_once is not None:
            raise InputError(
                "texts are written word by word",
                got=f"at_once={options.at_once} for text",
                fix="leave at_once out",
            )
        return
    if options.at_once is not None and (options.guidance > 0 or options.jacobi_window is not None):
        raise InputError(
            "at_once goes alone",
            got=f"guidance={options.guidance:g}, jacobi_window={options.jacobi_window}",
            fix="leave them out, or at_once",
        )
    given = [name for name in TEXT_ONLY if getattr(options, name) is not None]
    if given:
        raise InputError(
            f"an option for text was given for {modality.value}", got=", ".join(given), fix="leave it out"
        )


def plan_decoding(
    options: DecodingOptions,
    *,
    modality: TargetModality,
    config: ModelConfig,
    layout: VocabLayout,
    form_ids: Sequence[int] | None = None,
) -> DecodingPlan:
    """The length and the grammar of an answer; ``form_ids`` are the tokens of ``options.form``.

    Raises ``InputError`` for options that do not fit.
    """
    check_options(options, modality)
    vocab = config.vocab_rows(modality)
    most = config.target_length(modality)
    match modality:
        case TargetModality.IMAGE:
            return DecodingPlan(length=most, grammar=codes(config.image_codec.num_codes, vocab=vocab))
        case TargetModality.AUDIO:
            return DecodingPlan(length=most, grammar=codes(config.audio_codec.num_codes, vocab=vocab))
        case TargetModality.TEXT:
            if form_ids is not None:
                return _plan_form(form_ids, most=most, vocab=vocab, layout=layout)
            return _plan_text(options, most=most, vocab=vocab, layout=layout)


def _plan_form(form_ids: Sequence[int], *, most: int, vocab: int, layout: VocabLayout) -> DecodingPlan:
    needed = len(form_ids) + 1
    if needed > most:
        raise InputError(
            "a form longer than a text can be", got=f"{needed} tokens", expected=f"at most {most}"
        )
    return DecodingPlan(length=needed, grammar=filled_form(form_ids, layout, vocab=vocab))


def _plan_text(options: DecodingOptions, *, most: int, vocab: int, layout: VocabLayout) -> DecodingPlan:
    if options.locations is not None:
        needed = options.locations + 1
        if needed > most:
            raise InputError(
                "more locations than a text can hold", got=options.locations, expected=f"at most {most - 1}"
            )
        grammar = locations_only(layout, vocab=vocab, count=options.locations)
        return DecodingPlan(length=needed, grammar=grammar)
    length = most if options.max_tokens is None else min(options.max_tokens, most)
    if options.location_bias is not None:
        grammar = location_bias(layout, vocab=vocab, threshold=options.location_bias)
        return DecodingPlan(length=length, grammar=grammar)
    return DecodingPlan(length=length, grammar=free_text(layout, vocab=vocab))
