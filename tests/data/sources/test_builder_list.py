"""Every source that the paper names has a builder, and every builder says what it wants."""

import re
from pathlib import Path

import pytest

from unio.core import InputError
from unio.data.mixture_file import load_mixture
from unio.data.sources.builder import Builder, load_builder
from unio.data.sources.table import Table
from unio.data.tasks import TASKS

BUILDERS = Path(__file__).resolve().parents[3] / "configs" / "data"

SOURCES = {  # the spec's names of sources -> builders, in the order of spec/tasks_and_data.md
    "text": "mc4 c4 stack redpajama_cc wikipedia redpajama_books stack_markdown",
    "image-text": "laion_aesthetics laion_400m cc12m redcaps web_images cc3m",
    "video": "yt_temporal acav hd_vila audioset webvid ego4d",
    "interleaved": "obelics interleaved_cc12m interleaved_cc3m interleaved_redcaps",
    "multi-view": "croco_habitat objaverse",
    "agents": "procthor habitat",
    "synthetic": "segment_anything laion_aesthetics_patches redcaps_patches",
    "Language": "flan_v2 alpaca code_alpaca dolly open_assistant mbpp",
    "Image generation": "laion_aesthetics cc3m redcaps coco_captions localized_narratives visual_genome "
    "unicontrol coco_panoptic lvis instruct_pix2pix magicbrush coco_instances open_images",
    "Audio generation": "audiocaps clotho macs musiccaps ljspeech yt_temporal",
    "Image understanding": "vqav2 gqa tallyqa okvqa aokvqa textvqa stvqa ocrvqa visualmrc vizwiz "
    "visual_genome scienceqa vcr clevr textcaps open_images_narratives scicap imagenet caltech_birds "
    "inaturalist sun397 places365 vsr visual_genome_relations llava visdial m3it_image mimic_it_image "
    "nlvr spot_the_difference",
    "Sparse": "refcoco refcoco_plus refcocog omni3d coco_text coco_keypoints",
    "Dense": "framenet blendedmvs taskonomy nyuv2 flying_chairs sintel",
    "Video": "vatex msrvtt ucf101 kinetics710 ssv2 epic_kitchens kinetics_sounds vggsound msrvtt_qa msvd_qa "
    "star m4_viteqa m3it_video mimic_it_video youtube_bb lasot got10k ava vgg_ss",
    "Audio": "audioset vggsound soundnet",
    "Embodied": "vima language_table bridge_data franka_kitchen habitat_pointnav procthor language_table_qa "
    "bridge_data_qa",
}
NAMES = sorted(path.stem for path in BUILDERS.glob("*.yaml"))


def builder(name: str) -> Builder:
    return load_builder(BUILDERS / f"{name}.yaml")


def test_every_source_of_the_paper_has_a_builder() -> None:
    wanted = {name for names in SOURCES.values() for name in names.split()}
    assert wanted <= set(NAMES)
    assert len(wanted) > 110


@pytest.mark.parametrize("mixture", ["pretraining", "instruction_tuning", "real_small"])
def test_every_data_set_of_the_shipped_mixtures_has_a_builder(mixture: str) -> None:
    groups = load_mixture(mixture).groups.values()
    assert {name for group in groups for part in group.parts.values() for name in part.data} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_builder_says_whose_it_is_and_asks_for_families_that_there_are(name: str) -> None:
    loaded = builder(name)
    assert loaded.name == name
    assert loaded.availability != "unknown"
    assert all(len(text) > 3 for text in (loaded.title, loaded.licence, loaded.get, loaded.folder))
    if isinstance(loaded.reader, Table):
        for task, columns in loaded.reader.tasks.items():
            family = TASKS.get(task)
            needed = {spec.name for spec in family.inputs if spec.kind == "images"}
            assert needed <= set(columns) | ({"image_history"} if "video" in columns else set())


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_folder_says_what_to_fetch_and_where_to_put_it(name: str, tmp_path: Path) -> None:
    loaded = builder(name)
    for split in loaded.splits:
        with pytest.raises(InputError) as told:
            loaded.open(tmp_path, split=split)
        said = str(told.value)
        assert said.startswith(f"{name} is not there")
        assert re.escape(str(tmp_path)) in re.escape(said)
        assert loaded.get in said
        assert loaded.folder in said


def test_a_folder_that_lacks_a_file_is_told_with_that_file(tmp_path: Path) -> None:
    (tmp_path / "something").write_text("else")
    with pytest.raises(InputError, match=r"cannot read .*captions_train2017.json"):
        builder("coco_captions").open(tmp_path)
