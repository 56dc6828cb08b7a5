"""``unio run TASK`` for every family, with files in and a file out, on a model in the published layout."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from PIL import Image

from tests.media.video.conftest import encode, greys
from unio.data.tasks import TASKS, Task
from unio.data.tasks.inputs import InputSpec
from unio.model import ModelConfig, write_random_folder
from unio.schema import TargetModality
from unio.vocab import parse_locations

RELEASED = {
    "pictures read": ["caption", "vqa", "tag", "classify", "detect", "localise", "refer"],
    "regions": ["region_class", "region_caption", "segment_box", "segment", "segment_refer"],
    "geometry": ["depth", "normals", "keypoints", "cuboid", "camera_pose", "view_synthesis"],
    "pictures made": ["image_from_text", "image_edit", "inpaint", "controllable_image", "next_frame"],
    "sounds": ["audio_caption", "audio_tag", "audio_from_text"],
    "videos": ["video_caption", "video_vqa", "video_class"],
    "acting and words": ["act", "navigate", "manipulate", "instruct", "choose"],
}
"""Every task of the released models; "scoring" is what ``classify`` and ``choose`` do with options."""

ALWAYS_PLACED = {"refer", "point", "keypoints", "track", "act", "manipulate", "sound_localise"}
"""Families whose grammar forces locations, so that even noise has places to draw."""

MAPS = ("image", "depth", "normals", "flow", "mask")
PICTURE_SIZE, VIDEO_SIZE, MODEL_SIZE = (40, 60), (32, 48), (16, 16)

FORM_LENGTH = 400
"""Tokens of a text: the form of 17 named body parts is long in the tiny vocabulary."""


@pytest.fixture(scope="module")
def released_folder(
    published_config: ModelConfig, tiny_model_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    settings = published_config.model_dump()
    settings["geometry"]["text_length"] = FORM_LENGTH
    folder = tmp_path_factory.mktemp("released")
    write_random_folder(ModelConfig.model_validate(settings), folder, seed=3)
    (folder / "tokenizer.model").write_bytes((tiny_model_folder / "tokenizer.model").read_bytes())
    return folder


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A picture of 40 x 60, a sound of half a second, a video of ten frames."""
    folder = tmp_path_factory.mktemp("files")
    random = np.random.default_rng(3)
    Image.fromarray(random.integers(0, 256, (40, 60, 3), dtype=np.uint8)).save(folder / "picture.png")
    soundfile.write(folder / "sound.wav", random.normal(size=8000) * 0.1, 16000)
    (folder / "video.mp4").write_bytes(encode([grey + 40 for grey in greys(10)]))
    return {
        "image": folder / "picture.png",
        "images": folder / "picture.png",
        "audio": folder / "sound.wav",
        "video": folder / "video.mp4",
    }


def words_for(spec: InputSpec, files: dict[str, Path]) -> list[str | Path]:
    """What a user types for one input."""
    flag = f"--{spec.name.replace('_', '-')}"
    match spec.kind:
        case "image" | "images" | "audio" | "video":
            return [flag, files[spec.kind]]
        case "box":
            return [flag, "1,2,20,30"]
        case "point":
            return ["--input", f"{spec.name}=5,6"]
        case "pose":
            return [f"{flag}=0.1,-0.5,0"]
        case "options":
            return [flag, "ball; box"]
        case "text":
            return [flag, "a red ball"] if spec.name == "text" else ["--input", f"{spec.name}=depth"]


def suffix_of(family: Task) -> str:
    """A file the answer can be saved as: a sound, a picture drawn on, or words."""
    if family.output is TargetModality.AUDIO:
        return ".wav"
    seen = any(spec.kind in {"image", "video"} and not spec.optional for spec in family.inputs)
    return ".png" if seen or family.output is TargetModality.IMAGE else ".txt"


def size_seen(family: Task) -> tuple[int, int] | None:
    """Height and width of what the family looks at; neither is square, so a padded answer would tell."""
    kinds = {spec.kind for spec in family.inputs if not spec.optional}
    return PICTURE_SIZE if "image" in kinds else VIDEO_SIZE if "video" in kinds else None


@pytest.mark.parametrize("family", list(TASKS), ids=TASKS.names())
def test_files_go_in_and_a_file_comes_out(command, released_folder, files, tmp_path, family):
    given = [spec for spec in family.inputs if spec.default is None and not spec.optional]
    words = [word for spec in given for word in words_for(spec, files)]
    out = tmp_path / f"answer{suffix_of(family)}"
    words += ["--decode", "temperature=1"]  # of random weights the best token is always the same
    if family.output is TargetModality.TEXT:
        words += ["--decode", "max_tokens=60"]
    outcome = command("run", family.name, *words, "--json", "--out", out, "--model", released_folder)
    assert (outcome.status, outcome.err) == (0, "")
    assert [path.name for path in tmp_path.iterdir()] == [out.name]
    told = json.loads(outcome.out)
    check_maps(told, family)
    check_places(told, family)
    if out.suffix == ".png":
        check_drawing(told, out, family, files)
    else:
        assert out.suffix == ".txt" or soundfile.info(out).frames > 0


def check_maps(told: dict[str, Any], family: Task) -> None:
    """Pictures and maps have the size of what was looked at; made from words, the model's own."""
    made = [told[name] for name in MAPS if name in told]
    assert bool(made) == (family.output is TargetModality.IMAGE)
    for one in made:
        assert (one["height"], one["width"]) == (size_seen(family) or MODEL_SIZE)


def check_places(told: dict[str, Any], family: Task) -> None:
    """Boxes and points are those of the answer's locations, moved from the padded square by hand."""
    spatial = [name for name in ("boxes", "points", "corners", "action") if told.get(name)]
    assert spatial or family.name not in ALWAYS_PLACED
    height, width = size_seen(family) or (1, 1)
    side = max(height, width)
    values = np.array(parse_locations(told.get("text", "")))
    down = np.clip(values * side - (side - height) / 2, 0, height)
    across = np.clip(values * side - (side - width) / 2, 0, width)
    for name, count in (("points", 2), ("boxes", 4)):
        for place in told.get(name, []):
            windows = (
                [value for pair in range(0, count, 2) for value in (down[at + pair], across[at + pair + 1])]
                for at in range(len(values) - count + 1)
            )
            assert any(np.allclose(place, window, atol=0.01) for window in windows), (place, told["text"])


def check_drawing(told: dict[str, Any], path: Path, family: Task, files: dict[str, Path]) -> None:
    """What is drawn lies on the original picture, whole, and not on its padded square."""
    with Image.open(path) as opened:
        drawn = np.asarray(opened.convert("RGB"))
    height, width = size_seen(family) or MODEL_SIZE
    if any(name in told for name in MAPS):
        assert drawn.shape == (height, width, 3)
    elif any(told.get(name) for name in ("boxes", "points", "corners")):
        factor = drawn.shape[1] // width
        assert drawn.shape == (height * factor, width * factor, 3)
        if height == PICTURE_SIZE[0]:
            with Image.open(files["image"]) as opened:
                below = np.asarray(opened.resize(drawn.shape[1::-1], Image.Resampling.BICUBIC))
            assert (drawn == below).all(axis=2).mean() > 0.3


@pytest.mark.parametrize("group", RELEASED)
def test_every_task_of_the_released_models_is_registered(group):
    assert set(RELEASED[group]) <= set(TASKS.names())
