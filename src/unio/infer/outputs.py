"""From decoded tokens to text, pictures and sounds (spec sections 5 and 11)."""

import numpy as np
import torch
from jaxtyping import Float, Int, Shaped
from torch import Tensor

from unio.codecs import DiscreteCodec
from unio.infer.decoding import Decoded
from unio.infer.grammar import FIRST_CODE_ID
from unio.media import from_target, log_mel_to_waveform
from unio.model import UnifiedIO
from unio.schema import AudioGeometry, ModelOutput, TargetModality, Waveform
from unio.vocab import TextTokenizer

__all__ = ["make_outputs"]


@torch.no_grad()
def make_outputs(
    decoded: Decoded, *, modality: TargetModality, model: UnifiedIO, tokenizer: TextTokenizer
) -> list[ModelOutput]:
    """One output a row: text by the tokenizer, pictures by the codec, sounds by codec and Griffin-Lim."""
    rows: list[Int[np.ndarray, " length"]] = list(_on_host(decoded.ids))
    means = [float(mean) for mean in _on_host(decoded.log_probability)]
    match modality:
        case TargetModality.TEXT:
            # Padding stands only behind the end token; an answer that ran out of room has neither.
            texts = [ids[ids != tokenizer.layout.pad_id] for ids in rows]
            return [
                ModelOutput(text=tokenizer.decode(ids.tolist()), ids=ids, log_probability=mean)
                for ids, mean in zip(texts, means, strict=True)
            ]
        case TargetModality.IMAGE:
            vectors = _vectors(decoded, model.image_codec)
            drawn: Tensor = model.image_codec.decode_vectors(vectors)
            pictures = _on_host(drawn.permute(0, 2, 3, 1).float())
            return [
                ModelOutput(image=from_target(picture), ids=ids, log_probability=mean)
                for picture, ids, mean in zip(pictures, rows, means, strict=True)
            ]
        case TargetModality.AUDIO:
            heard: Tensor = model.audio_codec.decode_vectors(_vectors(decoded, model.audio_codec))
            mels = _on_host(heard.float())
            geometry = model.config.geometry.audio
            return [
                ModelOutput(audio=_sound(mel, geometry), ids=ids, log_probability=mean)
                for mel, ids, mean in zip(mels, rows, means, strict=True)
            ]


def _vectors(decoded: Decoded, codec: DiscreteCodec) -> Float[Tensor, "batch length code_dim"]:
    """What the codec's decoder draws: the codes' own vectors, or those that take their place."""
    if decoded.vectors is not None:
        return decoded.vectors
    return codec.quantizer.lookup(decoded.ids - FIRST_CODE_ID)


def _sound(normalised: Float[np.ndarray, "frames mels"], geometry: AudioGeometry) -> Waveform:
    """The waveform of a log-mel as the codec draws it."""
    return log_mel_to_waveform(normalised * geometry.target_std + geometry.target_mean, geometry)


def _on_host(values: Tensor) -> Shaped[np.ndarray, "..."]:
    return values.cpu().numpy()
