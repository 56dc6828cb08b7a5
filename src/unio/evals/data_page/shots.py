"""`Shot`s of examples and of denoised material: what the page of `unio data show` lays side by side."""

from collections.abc import Iterable

from unio.data.denoise import PARADIGMS, Denoised, Material, ShownMedium, SpanTokenizer
from unio.data.showing import TargetDecoder, draw_truth, truth_facts, view_features
from unio.evals.data_page.compose import Shot
from unio.media import draw_waveform_spectrogram
from unio.schema import Example, Features, Geometry, prompt_prefix

__all__ = ["denoised_shots", "example_shot"]


def example_shot(
    example: Example,
    features: Features,
    *,
    place: str,
    tokenizer: SpanTokenizer,
    geometry: Geometry,
    decoder: TargetDecoder | None = None,
) -> Shot:
    """One example of a task; ``place`` says where it comes from."""
    view = view_features(features, tokenizer=tokenizer, geometry=geometry, decoder=decoder)
    truth = draw_truth(example)
    drawn = (ShownMedium(label="the target, parsed and drawn", picture=truth),) if truth is not None else ()
    return Shot(place=place, view=view, given=tuple(_given(example)), truth=drawn, facts=truth_facts(example))


def denoised_shots(
    examples: Iterable[Denoised],
    *,
    tokenizer: SpanTokenizer,
    geometry: Geometry,
    decoder: TargetDecoder | None = None,
) -> tuple[Shot, ...]:
    """The first example of each paradigm, in the paper's order; reading stops when there is one of each.

    Give it a bounded iterable: a paradigm that never comes would be looked for for ever.
    """
    found: dict[str, Shot] = {}
    for denoised in examples:
        title = prompt_prefix(denoised.choice.target, denoised.choice.paradigm)
        if title not in found:
            view = view_features(denoised.features, tokenizer=tokenizer, geometry=geometry, decoder=decoder)
            kept = ", ".join(sorted(modality.value for modality in denoised.choice.kept)) or "nothing"
            facts = {"predicted": denoised.choice.target.value, "kept": kept}
            if denoised.hidden is not None:
                facts["patches hidden"] = f"{denoised.hidden.mean():.0%}"
            whole = tuple(_whole(denoised.material))
            found[title] = Shot(place=denoised.material.name, view=view, truth=whole, facts=facts)
        if len(found) == len(PARADIGMS):
            break
    order = [prompt_prefix(modality, paradigm) for modality, paradigm in PARADIGMS]
    return tuple(found[title] for title in order if title in found)


def _given(example: Example) -> Iterable[ShownMedium]:
    """The media as the source gives them."""
    for number, picture in enumerate(example.image_history, start=1):
        yield ShownMedium(label=f"given: image history {number}, {_size(picture.shape)}", picture=picture)
    if example.image is not None:
        yield ShownMedium(label=f"given: image, {_size(example.image.shape)}", picture=example.image)
    sounds = [*example.audio_history, *([] if example.audio is None else [example.audio])]
    for sound in sounds:
        drawn = draw_waveform_spectrogram(sound, height=96, max_width=256)
        yield ShownMedium(label=f"given: sound, {sound.seconds:.2f} s", picture=drawn)


def _whole(material: Material) -> Iterable[ShownMedium]:
    """The last picture and sound of a material, with nothing hidden."""
    if material.image is not None:
        yield ShownMedium(label="the picture, nothing hidden", picture=material.image)
    if material.audio is not None:
        drawn = draw_waveform_spectrogram(material.audio, height=96, max_width=256)
        yield ShownMedium(label="the sound, nothing hidden", picture=drawn)


def _size(shape: tuple[int, ...]) -> str:
    return f"{shape[0]} x {shape[1]}"
