"""One batch of requests: features, encode once, then decode or score (spec section 14)."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from unio.core import InputError
from unio.data import collate, featurise
from unio.data.unconditional import unconditional
from unio.infer.at_once import decode_at_once
from unio.infer.decoding import SeededSampler, decode
from unio.infer.grammar import AllowedTokens, Grammar
from unio.infer.jacobi import decode_jacobi
from unio.infer.outputs import make_outputs
from unio.infer.plan import check_options, plan_decoding
from unio.infer.scoring import score_options
from unio.model import Memory, UnifiedIO
from unio.schema import DecodingOptions, Example, ModelOutput
from unio.vocab import TextTokenizer

__all__ = ["answer_batch", "choose_answers", "encode_examples"]


@torch.inference_mode()
def encode_examples(model: UnifiedIO, tokenizer: TextTokenizer, examples: Sequence[Example]) -> Memory:
    """The encoder's output for the examples' prompts and media; targets are not looked at."""
    geometry = model.config.geometry
    features = [featurise(_question(example), tokenizer=tokenizer, geometry=geometry) for example in examples]

    def to_device(array: np.ndarray) -> Tensor:
        return torch.as_tensor(array, device=model.device)

    return model.encode(collate(features, geometry=geometry).map(to_device))


@torch.inference_mode()
def answer_batch(
    examples: Sequence[Example],
    options: Sequence[DecodingOptions],
    *,
    model: UnifiedIO,
    tokenizer: TextTokenizer,
    grammar: Grammar | None = None,
) -> list[ModelOutput]:
    """Answers to examples of one target modality, with options that differ in nothing but the seed.

    ``grammar`` takes the place of the one that the options ask for.
    """
    modality, shared = examples[0].target_modality, options[0]
    if shared.choices is not None:
        check_options(shared, modality)
        return choose_answers(examples, shared.choices, model=model, tokenizer=tokenizer)
    plan = plan_decoding(
        shared,
        modality=modality,
        config=model.config,
        layout=tokenizer.layout,
        form_ids=None if shared.form is None else tokenizer.encode(shared.form),
    )
    is_guided = shared.guidance > 0
    asked = [*examples, *(unconditional(example) for example in examples)] if is_guided else examples
    memory = encode_examples(model, tokenizer, asked)
    chosen = grammar or plan.grammar
    if shared.at_once is not None:
        decoded = decode_at_once(
            model, modality, memory, length=plan.length, grammar=chosen, form=shared.at_once
        )
    elif shared.jacobi_window is not None:
        decoded = decode_jacobi(
            model,
            modality,
            memory,
            length=plan.length,
            allowed=_same_tokens(chosen),
            options=list(options),
            window=shared.jacobi_window,
        ).decoded
    else:
        decoded = decode(
            model,
            modality,
            memory,
            length=plan.length,
            grammar=chosen,
            choose=SeededSampler.of(list(options), device=model.device),
            guidance=shared.guidance,
        )
    return make_outputs(decoded, modality=modality, model=model, tokenizer=tokenizer)


def choose_answers(
    examples: Sequence[Example], choices: Sequence[str], *, model: UnifiedIO, tokenizer: TextTokenizer
) -> list[ModelOutput]:
    """For each example the choice with the lowest mean loss a token, and every choice's score."""
    if not choices or len(set(choices)) < len(choices):
        raise InputError(
            "bad answer choices", got=repr(tuple(choices))[:80], expected="different texts, one or more"
        )
    length = model.config.geometry.text_length
    option_ids = [tokenizer.encode(choice, max_length=length) for choice in choices]
    memory = encode_examples(model, tokenizer, examples)
    outputs: list[ModelOutput] = []
    for means in score_options(model, memory, option_ids).cpu().numpy():
        scores = {choice: float(mean) for choice, mean in zip(choices, means, strict=True)}
        best = max(scores, key=scores.__getitem__)
        ids = np.asarray(option_ids[list(scores).index(best)], dtype=np.int64)
        outputs.append(ModelOutput(text=best, ids=ids, scores=scores, log_probability=scores[best]))
    return outputs


def _same_tokens(grammar: Grammar) -> Tensor:
    """The tokens of a grammar that allows the same at every step."""
    if not isinstance(grammar, AllowedTokens):
        raise InputError(
            "codes are drafted ahead only where the same ones are allowed at every step",
            got=f"the grammar {type(grammar).__name__}",
            fix="leave jacobi_window or the grammar out",
        )
    return grammar.tokens


def _question(example: Example) -> Example:
    """The example without its target: preparing it would only cost time."""
    return replace(example, target_text=None, target_image=None, target_audio=None)
