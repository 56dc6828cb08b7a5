"""Pictures, sounds and videos: safe decoding, fitting and undo, predictions, drawing. No torch."""

from unio.media.audio import AudioLimits, load_audio, resample
from unio.media.drawing import (
    add_caption,
    apply_colour_map,
    colour_depth,
    colour_flow,
    colour_normals,
    depth_range,
    draw_arrows,
    draw_boxes,
    draw_cuboids,
    draw_mask_overlay,
    draw_points,
    draw_spectrogram,
    draw_text,
    draw_waveform_spectrogram,
    palette_colour,
    side_by_side,
)
from unio.media.fit import FittedImage, FitTransform, check_boxes, fit_image, fit_transform
from unio.media.griffin_lim import log_mel_to_waveform
from unio.media.image import ImageLimits, load_image
from unio.media.limits import MediaLimits
from unio.media.normalise import from_target, normalise_clip, to_target
from unio.media.patches import audio_patches, image_patches, patch_mask
from unio.media.prediction import Prediction
from unio.media.saving import (
    encode_animation,
    encode_audio,
    encode_image,
    save_audio,
    save_image,
    write_whole,
)
from unio.media.segments import split_segments
from unio.media.spectrogram import LogMel, log_mel, power_mel
from unio.media.video import Video, VideoLimits, load_video, sound_pieces

__all__ = [
    "AudioLimits",
    "FitTransform",
    "FittedImage",
    "ImageLimits",
    "LogMel",
    "MediaLimits",
    "Prediction",
    "Video",
    "VideoLimits",
    "add_caption",
    "apply_colour_map",
    "audio_patches",
    "check_boxes",
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
    "encode_animation",
    "encode_audio",
    "encode_image",
    "fit_image",
    "fit_transform",
    "from_target",
    "image_patches",
    "load_audio",
    "load_image",
    "load_video",
    "log_mel",
    "log_mel_to_waveform",
    "normalise_clip",
    "palette_colour",
    "patch_mask",
    "power_mel",
    "resample",
    "save_audio",
    "save_image",
    "side_by_side",
    "sound_pieces",
    "split_segments",
    "to_target",
    "write_whole",
]
