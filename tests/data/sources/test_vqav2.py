import pytest

from unio.core import InputError
from unio.data.sources.vqav2 import Vqa

CONFIG = Vqa(
    kind="vqa",
    questions="questions.json",
    annotations="annotations.json",
    images="train2014",
    image_name="COCO_train2014_{image_id:012d}.jpg",
)
QUESTION = {"image_id": 42, "question": "What colour is it? ", "question_id": 42000}
ANSWER = {"question_id": 42000, "image_id": 42, "multiple_choice_answer": "red", "answer_type": "other"}


def write(folder, question=QUESTION, answer=ANSWER):
    folder.picture("train2014/COCO_train2014_000000000042.jpg")
    folder.json("questions.json", {"questions": [question]})
    folder.json("annotations.json", {"annotations": [answer]})


def test_a_question_with_its_common_answer(folder, record):
    write(folder)
    made = record(CONFIG.open(folder.path), "vqa")
    assert (made["question"], made["answer"], made["kind"]) == ("What colour is it?", "red", "other")


def test_without_a_chosen_answer_the_most_common_counts(folder, record):
    answers = [{"answer": "blue"}, {"answer": "red"}, {"answer": "red"}]
    write(folder, answer={"question_id": 42000, "answers": answers})
    assert record(CONFIG.open(folder.path), "vqa")["answer"] == "red"


def test_faults_are_told(folder, record):
    write(folder, answer=ANSWER | {"question_id": 1})
    with pytest.raises(InputError, match=r"annotations.json has no answer to question 42000"):
        CONFIG.open(folder.path)
    write(folder, answer={"question_id": 42000})
    with pytest.raises(InputError, match=r"questions.json, question 42000: a question without answer"):
        record(CONFIG.open(folder.path), "vqa")
    with pytest.raises(InputError, match="bad image_name"):
        CONFIG.model_copy(update={"image_name": "{number}.jpg"}).open(folder.path)
