"""Shipped builders on small files in the layouts in which their data sets are given out."""

import base64
import io
import json
import tarfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.media.video.conftest import encode, greys
from unio.data.sources.builder import load_builder
from unio.media import encode_image

BUILDERS = Path(__file__).resolve().parents[3] / "configs" / "data"
PNG = encode_image(np.full((20, 30, 3), 99, np.uint8), suffix=".png")
LONG = "".join(f"{number} words of a text. " for number in range(40))


@pytest.fixture
def opened(folder):
    """``opened(name, split)``: the reader that a shipped builder opens on the test's folder."""
    return lambda name, split="train": load_builder(BUILDERS / f"{name}.yaml").open(folder.path, split=split)


@pytest.fixture
def film(folder):
    """``film(name, ..)``: a short video, with the names it is to have."""

    def write(*names):
        for name in names:
            path = folder.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(encode(greys(10, step=20)))

    return write


def write_parquet(folder, name, rows):
    path = folder.path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows), path)


def test_texts_in_lines_and_parquet(folder, opened, record):
    folder.text("en/c4-train.00000-of-01024.jsonl", json.dumps({"text": LONG, "url": "u", "timestamp": "t"}))
    made = record(opened("c4"), "continue_text")
    assert f"{made['text']} {made['continuation']}" == LONG.strip()
    write_parquet(folder, "data/python/train-00000.parquet", [{"content": LONG, "ext": "py"}])
    assert record(opened("stack"), "continue_text")["text"] in LONG
    write_parquet(
        folder, "20231101.en/train-00000-of-00041.parquet", [{"id": "1", "title": "a", "text": LONG}]
    )
    assert record(opened("wikipedia"), "continue_text")["continuation"] in LONG


def test_instructions_in_json_lines_and_parquet(folder, opened, record):
    folder.json("alpaca_data.json", [{"instruction": "Add.", "input": "1 and 2", "output": "3"}])
    assert record(opened("alpaca"), "instruct") == {"instruction": "Add. 1 and 2", "response": "3"}
    row = {"instruction": "Why?", "context": "", "response": "So.", "category": "open_qa"}
    folder.text("databricks-dolly-15k.jsonl", json.dumps(row))
    assert record(opened("dolly"), "instruct") == {"instruction": "Why?", "response": "So."}
    folder.text("cot_zs_noopt_train.jsonl", json.dumps({"inputs": "Q", "targets": "A", "task": "cot"}))
    assert record(opened("flan_v2"), "instruct") == {"instruction": "Q", "response": "A"}
    write_parquet(folder, "full/train-0.parquet", [{"task_id": 1, "text": "Sort.", "code": "sorted(x)"}])
    assert record(opened("mbpp"), "instruct")["response"] == "sorted(x)"


def test_a_question_a_row_and_questions_by_name(folder, opened, record):
    folder.picture("images/2375429.jpg")
    asked = {"question": "What is it?", "imageId": "2375429", "answer": "pipe", "fullAnswer": "A pipe."}
    folder.json("train_balanced_questions.json", {"07333408": asked})
    assert record(opened("gqa"), "vqa")["answer"] == "pipe"
    folder.picture("VG_100K/2.jpg")
    folder.json("train.json", [{"image": "VG_100K/2.jpg", "question": "How many?", "answer": 3}])
    assert record(opened("tallyqa"), "vqa")["answer"] == "3"
    folder.picture("images/train/CLEVR_train_000000.png")
    row = {"image_filename": "CLEVR_train_000000.png", "question": "Are there balls?", "answer": "yes"}
    folder.json("questions/CLEVR_train_questions.json", {"info": {}, "questions": [row]})
    assert record(opened("clevr"), "vqa")["question"] == "Are there balls?"


def test_questions_and_answers_in_two_lists_stay_together(folder, opened, record):
    folder.picture("images/1.jpg")
    row = {"questions": ["Who?", "What?", "When?"], "answers": ["he", "it", "now"], "split": 1}
    folder.json("dataset.json", {"1": row, "2": {**row, "split": 3}})
    reader = opened("ocrvqa")
    assert reader.count("vqa") == 1
    pairs = {
        (made["question"], made["answer"]) for made in (record(reader, "vqa", seed=s) for s in range(20))
    }
    assert pairs == {("Who?", "he"), ("What?", "it"), ("When?", "now")}


def test_choices_by_number(folder, opened, record):
    folder.picture("train2017/000000299207.jpg")
    row = {"image_id": 299207, "question": "Which?", "choices": ["a", "b"], "correct_choice_idx": 1}
    folder.json("aokvqa_v1p0_train.json", [row | {"direct_answers": ["b", "b"]}])
    made = record(opened("aokvqa"), "choose")
    assert (made["options"], made["label"]) == (("a", "b"), "b")
    folder.picture("train/7/image.png")
    problem = {"question": "Which?", "choices": ["x", "y"], "answer": 0, "split": "train"}
    folder.json("problems.json", {"7": problem | {"image": "image.png"}, "8": problem | {"image": None}})
    reader = opened("scienceqa")
    assert reader.count("vqa") == 1
    assert record(reader, "vqa")["answer"] == "x"


def test_true_and_false_become_words(folder, opened, record):
    folder.picture("images/a.jpg")
    row = {"image": "a.jpg", "caption": "The cat is on the mat.", "label": 0, "relation": "on"}
    folder.text("train.jsonl", json.dumps(row))
    made = record(opened("vsr"), "vqa")
    assert (made["question"], made["answer"]) == ("Is this true? The cat is on the mat.", "no")


def test_captions_beside_pictures(folder, opened, record):
    folder.picture("train_images/0a.jpg")
    row = {"image_id": "0a", "caption_str": "A sign says stop.", "reference_strs": []}
    folder.json("TextCaps_0.1_train.json", {"dataset_name": "textcaps", "data": [row]})
    assert record(opened("textcaps"), "caption")["caption"] == "A sign says stop."
    folder.picture("images/cats/x1.jpg")
    folder.json(
        "annotations/cats_2017.json",
        {"info": {}, "annotations": [{"image_id": "x1", "subreddit": "cats", "caption": "my cat"}]},
    )
    assert record(opened("redcaps"), "image_from_text")["description"] == "my cat"
    folder.picture("train2017/000000107899.jpg")
    narrative = {"dataset_id": "mscoco_train2017", "image_id": "107899", "caption": "In this image .."}
    folder.text("coco_train_localized_narratives-00000-of-00004.jsonl", json.dumps(narrative))
    assert record(opened("localized_narratives"), "caption")["caption"] == "In this image .."


def test_edits_and_base64_in_rows(folder, opened, record):
    row = {"original_image": {"bytes": PNG}, "edit_prompt": "make it blue", "edited_image": {"bytes": PNG}}
    write_parquet(folder, "data/train-00000-of-00262.parquet", [row])
    assert record(opened("instruct_pix2pix"), "image_edit")["instruction"] == "make it blue"
    coded = base64.b64encode(PNG).decode()
    row = {"instruction": "Answer.", "inputs": "What?", "image_base64_str": [coded], "outputs": "A wall."}
    folder.text("data/vqa/vqa-v2/train.jsonl", json.dumps(row))
    made = record(opened("m3it_image"), "vqa")
    assert (made["question"], made["image"].shape) == ("Answer. What?", (20, 30, 3))
    folder.text("data/video/msvd/train.jsonl", json.dumps({**row, "image_base64_str": [coded] * 8}))
    assert len(record(opened("m3it_video"), "video_vqa")["image_history"]) == 1


def test_sounds_in_yaml_and_in_tables_without_header(folder, opened, record):
    folder.sound("audio/park.wav")
    folder.text(
        "MACS.yaml",
        "files:\n- filename: park.wav\n  annotations:\n"
        "  - {annotator_id: 1, sentence: birds sing, tags: [birds_singing, footsteps]}\n"
        "  - {annotator_id: 2, sentence: a bird, tags: [birds_singing]}\n",
    )
    reader = opened("macs")
    captions = {record(reader, "audio_caption", seed=seed)["caption"] for seed in range(12)}
    assert captions == {"birds sing", "a bird"}
    assert "birds_singing" in record(reader, "audio_tag")["tags"]
    folder.sound("wavs/LJ001-0001.wav")
    folder.text("metadata.csv", 'LJ001-0001|"Printing," he said 1|"Printing," he said one\n')
    assert record(opened("ljspeech"), "transcribe")["transcript"] == '"Printing," he said one'
    folder.sound("audio/---g-f_I2yQ_000001.wav")
    folder.text("vggsound.csv", '---g-f_I2yQ,1,"people marching, far",train\nabc,2,dog barking,test\n')
    reader = opened("vggsound")
    assert reader.count("audio_tag") == 1
    assert record(reader, "audio_tag")["tags"] == ("people marching, far",)
    folder.sound("audio/-0Gj8-vB1q4.wav")
    header = "ytid,start_s,end_s,audioset_positive_labels,aspect_list,caption,author_id,is_audioset_eval\n"
    folder.text("musiccaps-public.csv", f'{header}-0Gj8-vB1q4,30,40,"/m/a","[\'x\']","slow, sad",4,False\n')
    assert record(opened("musiccaps"), "audio_caption")["caption"] == "slow, sad"


def test_videos_with_sentences_questions_and_classes(folder, film, opened, record):
    film("videos/video7.mp4", "20bn-something-something-v2/78687.webm", "clips/P01_01_0.mp4")
    folder.json(
        "train_val_videodatainfo.json",
        {"videos": [{"video_id": "video7"}], "sentences": [{"caption": "a car", "video_id": "video7"}]},
    )
    assert record(opened("msrvtt"), "video_caption")["caption"] == "a car"
    folder.json("train_qa.json", [{"question": "what?", "answer": "car", "video_id": 7, "id": 0}])
    assert record(opened("msrvtt_qa"), "video_vqa")["answer"] == "car"
    row = {"id": "78687", "label": "holding a potato", "template": "Holding [something]"}
    folder.json("labels/train.json", [row])
    assert record(opened("ssv2"), "video_class")["label"] == "Holding [something]"
    folder.text("EPIC_100_train.csv", "narration_id,participant_id,narration\nP01_01_0,P01,open door\n")
    assert record(opened("epic_kitchens"), "video_class")["label"] == "open door"
    film("train/abc_000010_000020.mp4")
    folder.text(
        "annotations/train.csv", "label,youtube_id,time_start,time_end,split\nabseiling,abc,10,20,train\n"
    )
    assert record(opened("kinetics710"), "video_class")["label"] == "abseiling"


def test_folders_of_classes_with_lists_and_numbers(folder, film, opened, record):
    film("UCF-101/BabyCrawling/v_BabyCrawling_g08_c01.avi", "UCF-101/Archery/v_Archery_g01_c01.avi")
    folder.text("ucfTrainTestlist/trainlist01.txt", "BabyCrawling/v_BabyCrawling_g08_c01.avi 4\n")
    reader = opened("ucf101")
    assert reader.count("video_class") == 1
    assert record(reader, "video_class")["label"] == "Baby Crawling"
    folder.picture("images/001.Black_footed_Albatross/a.jpg")
    folder.picture("images/002.Laysan_Albatross/a.jpg")
    assert record(opened("caltech_birds"), "tag")["tags"] == ("Black footed Albatross",)
    folder.picture("train/00123_Animalia_Chordata_Aves_X_Y_Turdus_merula/a.jpg")
    assert record(opened("inaturalist"), "tag")["tags"] == ("Turdus merula",)
    folder.picture("SUN397/a/apartment_building/outdoor/sun_a.jpg")
    folder.text("Training_01.txt", "/a/apartment_building/outdoor/sun_a.jpg\n")
    assert record(opened("sun397"), "tag")["tags"] == ("apartment building outdoor",)


def test_maps_beside_pictures(folder, opened, record):
    folder.picture("rgb/hall/point_0_view_1_domain_rgb.png")
    folder.picture("normal/hall/point_0_view_1_domain_normal.png", colour=(128, 230, 204))
    normals = record(opened("taskonomy"), "normals")["normals"]
    assert normals[0, 0] == pytest.approx((0, 0.8, 0.6), abs=0.01)
    for number in (1, 2):
        folder.picture(f"training/clean/alley_1/frame_000{number}.png", colour=(number, 0, 0))
    flow = np.zeros((20, 30, 2), "<f4")
    flow[3, 4] = (5, -2)
    head = np.float32(202021.25).tobytes() + np.array([30, 20], "<i4").tobytes()
    path = folder.path / "training" / "flow" / "alley_1" / "frame_0001.flo"
    path.parent.mkdir(parents=True)
    path.write_bytes(head + flow.tobytes())
    made = record(opened("sintel"), "optical_flow")
    # The flow leads from the first frame to the second; told backwards, it is what comes before the second.
    assert made["flow"][3, 4].tolist() == [2, -5]
    assert (made["image_history"][0][0, 0, 0], made["image"][0, 0, 0]) == (2, 1)


@pytest.mark.parametrize(
    ("name", "film", "frames"),
    [("got10k", "train/GOT-10k_Train_000001", "."), ("lasot", "airplane/airplane-1", "img")],
)
def test_things_followed_through_films(folder, opened, record, name, film, frames):
    for number in range(1, 12):
        folder.picture(f"{film}/{frames}/{number:08d}.jpg")
    lines = [f"{number}.0,2.0,8.0,6.0" for number in range(11)]
    folder.text(f"{film}/groundtruth.txt", "\n".join(lines))
    made = record(opened(name), "track", seed=4)
    assert len(made["image_history"]) == 4
    assert made["first_box"][[0, 2]].tolist() == [2, 8]
    assert made["box"][1] - made["first_box"][1] in (4, 8)


def test_shards_of_masks_films_and_pasted_shapes(folder, opened, record):
    annotation = {"bbox": [2, 3, 8, 6], "segmentation": {"size": [20, 30], "counts": [63, 6, 531]}}
    members = [
        ("sa_1.jpg", encode_image(np.full((20, 30, 3), 99, np.uint8), suffix=".jpg")),
        ("sa_1.json", json.dumps({"image": {}, "annotations": [annotation]}).encode()),
        ("2.mp4", encode(greys(10, step=20))),
    ]
    with tarfile.open(folder.path / "sa_000000.tar", "w") as tar:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    made = record(opened("segment_anything"), "segment_box")
    assert made["box"].tolist() == [3, 2, 9, 10]
    assert made["mask"].sum() == 6
    assert len(record(opened("acav"), "next_frame")["image_history"]) == 3
    pasted = opened("laion_aesthetics_patches")
    assert set(pasted.tasks) >= {"detect", "vqa"}
    assert "caption" not in pasted.tasks
    assert len(record(pasted, "detect", seed=2)["boxes"]) >= 1
