"""The page of `unio data show`: examples as the model sees them, in one file that needs no network."""

from unio.evals.data_page.codecs import CodecDecoder
from unio.evals.data_page.compose import Section, Shot, compose_data_page
from unio.evals.data_page.shots import denoised_shots, example_shot

__all__ = ["CodecDecoder", "Section", "Shot", "compose_data_page", "denoised_shots", "example_shot"]
