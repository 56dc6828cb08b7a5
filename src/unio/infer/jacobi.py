"""Speculative Jacobi decoding of codes (arXiv 2410.01699): fewer steps, the same distribution.

A step reads every weight whether it is fed one code or many. So a window of codes is drafted ahead, each
from what the model thought of its place one step earlier, and all of them are fed at once. The model's new
probabilities p judge the drafts, which came from q: from the left, a draft x stands with probability
min(1, p(x) / q(x)); in the place of the first that falls comes a draw from max(0, p - q), normalised; the
rest of the window is drafted anew from p. A code that stands, or replaces one that fell, is a draw from p
given the codes before it, whatever q was, because drafts never look at codes behind them: that is the
argument of speculative sampling (arXiv 2211.17192).
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from unio.infer.decoding import Decoded, pairs
from unio.infer.sampling import (
    forbid,
    guide,
    limit,
    request_keys,
    token_log_probability,
    unit_noise,
)
from unio.model import Memory, StepRunner, UnifiedIO
from unio.schema import DecodingOptions, TargetModality

__all__ = ["JacobiDecoded", "decode_jacobi", "draw", "leading_accepted", "residual"]


@dataclass(frozen=True, kw_only=True, eq=False)
class JacobiDecoded:
    """What came out, and how many ``steps`` of the model it took; one by one it is a step a code."""

    decoded: Decoded
    steps: int


def leading_accepted(
    probabilities: Float[Tensor, "batch window vocab"],
    proposals: Float[Tensor, "batch window vocab"],
    drafts: Int[Tensor, "batch window"],
    *,
    units: Float[Tensor, "batch window"],
) -> Int[Tensor, " batch"]:
    """How many drafts stand before the first that falls; ``units`` are uniform in (0, 1)."""
    wanted, proposed = (
        part.gather(-1, drafts.unsqueeze(-1)).squeeze(-1) for part in (probabilities, proposals)
    )
    stands = units * proposed < wanted
    return stands.long().cumprod(dim=1).sum(dim=1)


def residual(
    probabilities: Float[Tensor, "batch vocab"], proposals: Float[Tensor, "batch vocab"]
) -> Float[Tensor, "batch vocab"]:
    """What a draw takes the place of a fallen draft from, not normalised: max(0, p - q)."""
    rest = (probabilities - proposals).clamp(min=0)
    # Where p and q agree nothing falls, and rounding alone could ask for a draw.
    return torch.where(rest.sum(dim=-1, keepdim=True) > 0, rest, probabilities)


def draw(weights: Float[Tensor, "*shape vocab"], units: Float[Tensor, "*shape"]) -> Int[Tensor, "*shape"]:
    """One index a row, in proportion to ``weights``, by inversion: no index of weight 0 comes out."""
    sums = weights.double().cumsum(dim=-1)
    places = torch.searchsorted(sums, (units.double() * sums[..., -1]).unsqueeze(-1), right=True)
    return places.squeeze(-1)


@torch.inference_mode()
def decode_jacobi(
    model: UnifiedIO,
    modality: TargetModality,
    memory: Memory,
    *,
    length: int,
    allowed: Bool[Tensor, "1 vocab"],
    options: list[DecodingOptions],
    window: int,
) -> JacobiDecoded:
    """Exactly ``length`` codes for every row of ``memory``, as `decode` draws them but by other noise.

    ``options`` differ in nothing but the seed; with guidance the memory holds pairs, as for `decode`. Each
    step feeds ``window`` codes a row, of which one or more are kept.
    """
    decoding = _Decoding(
        model, modality, memory, length=length, allowed=allowed, options=options, window=window
    )
    steps = 0
    while not decoding.is_finished:
        decoding.step(steps)
        steps += 1
    return JacobiDecoded(decoded=decoding.result(), steps=steps)


class _Decoding:
    """Codes so far, and the window of drafts behind them, at a place of its own in every row."""

    def __init__(
        self,
        model: UnifiedIO,
        modality: TargetModality,
        memory: Memory,
        *,
        length: int,
        allowed: Bool[Tensor, "1 vocab"],
        options: list[DecodingOptions],
        window: int,
    ) -> None:
        device = memory.hidden.device
        self.options = options[0]
        self.keys = request_keys([one.seed for one in options], device)
        self.batch = pairs(memory) if self.options.guidance > 0 else len(memory.hidden)
        self.length, self.window = length, window
        self.allowed = allowed.to(device)
        # A window may reach beyond the end: what it writes there is never looked at.
        self.cache = model.new_cache(modality, memory, max_length=length + window)
        self.run = StepRunner(model, self.cache)
        self.ids = torch.zeros(self.batch, length + window, dtype=torch.long, device=device)
        self.total = torch.zeros(self.batch, device=device)
        self.count = torch.zeros(self.batch, dtype=torch.long, device=device)
        even = (self.allowed / self.allowed.sum()).expand(self.batch, -1)
        self.proposals = even.unsqueeze(1).expand(-1, window, -1)
        self.drafts = draw(self.proposals.contiguous(), unit_noise(self.keys, step=-1, count=window))
        self.is_finished = length == 0

    def step(self, index: int) -> None:
        """Feed the window, keep what stands and one more code, draft the rest anew."""
        units = unit_noise(self.keys, step=index, count=2 * self.window + 1)
        conditional, probabilities = self._probabilities()
        accepted = leading_accepted(probabilities, self.proposals, self.drafts, units=units[:, : self.window])
        chosen, kept = self._chosen(probabilities, accepted, units=units[:, -1])
        self._keep(conditional, chosen, kept)
        ahead = torch.arange(self.window, device=kept.device) + kept[:, None]
        # Behind the window nothing has been thought of a place: its last place is the nearest.
        source = ahead.clamp(max=self.window - 1).unsqueeze(-1).expand(-1, -1, probabilities.shape[-1])
        self.proposals = probabilities.gather(1, source)
        self.drafts = draw(self.proposals, units[:, self.window : -1])

    def _probabilities(
        self,
    ) -> tuple[Float[Tensor, "batch window vocab"], Float[Tensor, "batch window vocab"]]:
        """The model's conditional logits at the window's places, and what codes are drawn from there."""
        last = self.ids.gather(1, (self.count - 1).clamp(min=0)[:, None]) * (self.count > 0)[:, None]
        fed = torch.cat([last, self.drafts[:, :-1]], dim=1)
        is_guided = self.options.guidance > 0
        logits = self.run(torch.cat([fed, fed]) if is_guided else fed)
        conditional = logits[: self.batch].flatten(0, 1)
        scores = conditional
        if is_guided:
            unconditional = logits[self.batch :].flatten(0, 1)
            scores = guide(conditional, unconditional, guidance=self.options.guidance)
        options = self.options
        scores = forbid(scores, self.allowed)
        if options.temperature == 0:
            best = torch.nn.functional.one_hot(scores.argmax(dim=-1), scores.shape[-1]).float()
        else:
            scores = limit(scores, temperature=options.temperature, top_k=options.top_k, top_p=options.top_p)
            best = torch.softmax(scores, dim=-1)
        shape = (self.batch, self.window, -1)
        return conditional.view(shape), best.view(shape)

    def _chosen(
        self,
        probabilities: Float[Tensor, "batch window vocab"],
        accepted: Int[Tensor, " batch"],
        *,
        units: Float[Tensor, " batch"],
    ) -> tuple[Int[Tensor, "batch window"], Int[Tensor, " batch"]]:
        """The window with the first fallen draft replaced, and how many of its codes are kept."""
        rows = torch.arange(self.batch, device=accepted.device)
        fallen = accepted.clamp(max=self.window - 1)
        instead = draw(residual(probabilities[rows, fallen], self.proposals[rows, fallen]), units)
        chosen = self.drafts.clone()
        chosen[rows, fallen] = torch.where(accepted < self.window, instead, chosen[rows, fallen])
        return chosen, (accepted + 1).clamp(max=self.window)

    def _keep(
        self,
        conditional: Float[Tensor, "batch window vocab"],
        chosen: Int[Tensor, "batch window"],
        kept: Int[Tensor, " batch"],
    ) -> None:
        """Write the window's codes; those behind the kept ones are overwritten by the next step."""
        offsets = torch.arange(self.window, device=kept.device)
        places = self.count[:, None] + offsets
        self.ids.scatter_(1, places, chosen)
        counts = (offsets < kept[:, None]) & (places < self.length)
        self.total += (token_log_probability(conditional, chosen) * counts).sum(dim=1)
        self.count = (self.count + kept).clamp(max=self.length)
        # The one look at the device in a step: has every row its codes?
        self.is_finished = bool((self.count == self.length).all())
        self.cache.rewind(self.count.repeat(2) if self.options.guidance > 0 else self.count)

    def result(self) -> Decoded:
        """All codes."""
        return Decoded(ids=self.ids[:, : self.length], log_probability=self.total / max(self.length, 1))
