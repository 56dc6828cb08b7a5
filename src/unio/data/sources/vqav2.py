"""VQAv2 and its kin (OK-VQA, TextVQA-like files in the same layout): open questions about COCO pictures.

Layout::

    v2_OpenEnded_mscoco_train2014_questions.json
    v2_mscoco_train2014_annotations.json
    train2014/COCO_train2014_000000458752.jpg

Raw entries, of one ``question_id``::

    {"image_id": 458752, "question": "What is this photo taken looking through?", "question_id": 458752000}
    {"question_id": 458752000, "multiple_choice_answer": "net", "answer_type": "other", "answers": [..]}

Family: ``vqa``, with the answer most people gave.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import Field

from unio.core import Config, InputError
from unio.data.sources.files import inside, read_json, rows_of
from unio.data.sources.reader import Reader, Record, Shelf
from unio.media import load_image

__all__ = ["Vqa"]


class Vqa(Config):
    """Questions and answers in VQAv2's layout."""

    kind: Literal["vqa"] = Field(description="This format.")
    questions: str = Field(description="The questions' JSON file.")
    annotations: str = Field(description="The answers' JSON file.")
    images: str = Field(description="Folder of the pictures.")
    image_name: str = Field(
        description="A picture's file name with its number, such as COCO_train2014_{image_id:012d}.jpg."
    )

    def open(self, folder: Path) -> Reader:
        """Read questions and answers. Raises ``InputError`` for files that are missing or do not fit."""
        questions, annotations = inside(folder, self.questions), inside(folder, self.annotations)
        answers = {
            row["question_id"]: row
            for row in rows_of(
                read_json(annotations), "annotations", path=annotations, needs=("question_id",)
            )
        }
        entries: list[_Question] = []
        needs = ("question_id", "image_id", "question")
        for row in rows_of(read_json(questions), "questions", path=questions, needs=needs):
            identity = row["question_id"]
            if identity not in answers:
                raise InputError(f"{annotations.name} has no answer to question {identity}")
            entries.append(
                _Question(question=row, answer=answers[identity], picture=self._picture(folder, row))
            )
        shelf = Shelf(
            entries=entries,
            record=_record,
            place=lambda entry: f"{questions.name}, question {entry.question['question_id']}",
        )
        return Reader(name=questions.name, shelves={"vqa": shelf})

    def _picture(self, folder: Path, row: Mapping[str, Any]) -> Path:
        try:
            name = self.image_name.format(image_id=row["image_id"])
        except (LookupError, ValueError) as error:
            raise InputError(
                "bad image_name", got=repr(self.image_name), expected="a name with {image_id}"
            ) from error
        return inside(folder, f"{self.images}/{name}")


@dataclass(frozen=True, kw_only=True, eq=False)
class _Question:
    question: Mapping[str, Any]
    answer: Mapping[str, Any]
    picture: Path


def _record(entry: _Question, rng: np.random.Generator) -> Record:
    del rng  # the most common answer is the answer
    return {
        "image": load_image(entry.picture),
        "question": str(entry.question["question"]).strip(),
        "answer": _common_answer(entry.answer),
        "kind": str(entry.answer.get("answer_type", "")),
    }


def _common_answer(row: Mapping[str, Any]) -> str:
    if row.get("multiple_choice_answer"):
        return str(row["multiple_choice_answer"])
    given = [str(one["answer"]) for one in row.get("answers", ())]
    if not given:
        raise InputError("a question without answer", expected="'multiple_choice_answer' or 'answers'")
    return Counter(given).most_common(1)[0][0]
