"""Small data sets in their true layouts, written by the tests that read them."""

import json

import numpy as np
import pytest
from PIL import Image

from unio.data.tasks import TASKS
from unio.media import save_audio
from unio.schema import Waveform


class Folder:
    """A data set's folder and the means to fill it."""

    def __init__(self, path):
        self.path = path

    def json(self, name, value):
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(value))
        return path

    def text(self, name, text):
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def picture(self, name, *, height=20, width=30, colour=(200, 30, 30)):
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.full((height, width, 3), colour, np.uint8)).save(path)
        return path

    def sound(self, name, *, seconds=0.5, pitch=440):
        time = np.arange(int(seconds * 16000)) / 16000
        samples = (0.5 * np.sin(2 * np.pi * pitch * time)).astype(np.float32)
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        save_audio(Waveform(samples=samples, rate=16000), path)
        return path


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


@pytest.fixture
def record():
    """``record(reader, task, number)``: a record, which the family, where it is registered, can use."""

    def read(reader, task, number=0, seed=0):
        made = reader.record(task, number, np.random.default_rng(seed))
        if task in TASKS:
            family = TASKS.get(task)
            example = family.example(made, np.random.default_rng(0))
            assert example.prompt
            targets = (example.target_text, example.target_image, example.target_audio)
            assert sum(target is not None for target in targets) == 1
        return made

    return read
