"""``unio run TASK`` for every family, with files in and a file out, on a model in the published layout."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from tests.media.video.conftest import encode, greys
from unio.data.tasks import TASKS, Task
from unio.data.tasks.inputs import InputSpec
from unio.model import ModelConfig, write_random_folder
from unio.schema import TargetModality

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
    (folder / "video.mp4").write_bytes(encode(greys(10, step=20)))
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


@pytest.mark.parametrize("family", list(TASKS), ids=TASKS.names())
def test_files_go_in_and_a_file_comes_out(command, released_folder, files, tmp_path, family):
    given = [spec for spec in family.inputs if spec.default is None and not spec.optional]
    words = [word for spec in given for word in words_for(spec, files)]
    out = tmp_path / f"answer{suffix_of(family)}"
    outcome = command("run", family.name, *words, "--out", out, "--model", released_folder)
    assert (outcome.status, outcome.err) == (0, "")
    assert [path.name for path in tmp_path.iterdir()] == [out.name]
    assert out.suffix == ".txt" or out.stat().st_size > 0
    if out.suffix == ".png":
        with Image.open(out) as drawn:
            assert min(drawn.size) >= 16


@pytest.mark.parametrize("group", RELEASED)
def test_every_task_of_the_released_models_is_registered(group):
    assert set(RELEASED[group]) <= set(TASKS.names())
