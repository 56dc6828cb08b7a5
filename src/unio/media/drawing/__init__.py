"""Results as pictures: boxes, points, arrows, masks, depth, normals, spectrograms, captioned sheets."""

from unio.media.drawing.boxes import draw_boxes
from unio.media.drawing.colours import apply_colour_map, palette_colour
from unio.media.drawing.cuboids import draw_cuboids
from unio.media.drawing.maps import (
    colour_depth,
    colour_flow,
    colour_normals,
    depth_range,
    draw_mask_overlay,
)
from unio.media.drawing.points import draw_arrows, draw_points
from unio.media.drawing.sheet import add_caption, draw_text, side_by_side
from unio.media.drawing.spectrogram import draw_spectrogram, draw_waveform_spectrogram

__all__ = [
    "add_caption",
    "apply_colour_map",
    "colour_depth",
    "colour_flow",
    "colour_normals",
    "depth_range",
    "draw_arrows",
    "draw_boxes",
    "draw_cuboids",
    "draw_mask_overlay",
    "draw_points",
    "draw_spectrogram",
    "draw_text",
    "draw_waveform_spectrogram",
    "palette_colour",
    "side_by_side",
]
