"""Sounds listed in a table: AudioCaps, Clotho, MACS, MusicCaps, LJSpeech, VGGSound, ESC-like label lists.

Layout, AudioCaps and Clotho::

    train.csv      audiocap_id,youtube_id,start_time,caption        file_name,caption_1,..,caption_5
    audio/         vPHfOOJv0kA.wav                                  Distorted AM Radio noise.wav

Families: with ``captions`` ``audio_caption`` and ``audio_from_text``; with ``labels`` ``audio_tag``; with
``transcript`` ``transcribe`` and ``speak``. A long sound gives ``seconds`` from anywhere in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field

from unio.core import Config, InputError
from unio.data.sources.captioned import SpectrumJudge, completed, load_clip
from unio.data.sources.files import CsvLayout, inside, read_csv
from unio.data.sources.reader import Reader, Record, Shelf
from unio.schema import Waveform

__all__ = ["AudioTable"]

DECOYS = 3
"""Other sounds that a generated one is told from."""


class AudioTable(Config):
    """A CSV file and a folder of sounds."""

    kind: Literal["audio_table"] = Field(description="This format.")
    table: str = Field(description="The CSV file.")
    delimiter: str = Field(default=",", min_length=1, max_length=1, description="What parts its columns.")
    header: tuple[str, ...] = Field(default=(), description="Its columns, where its first line has no names.")
    quoted: bool = Field(default=True, description='Whether "quotes" may stand around a column.')
    audio: str = Field(description="Folder of the sounds.")
    file: str = Field(description="A sound's file name from its row's columns, such as '{youtube_id}.wav'.")
    captions: tuple[str, ...] = Field(default=(), description="Columns that hold captions.")
    labels: tuple[str, ...] = Field(default=(), description="Columns that hold tags, the label first.")
    transcript: str | None = Field(default=None, description="Column of the words spoken.")
    seconds: float = Field(default=10.0, gt=0, description="Most seconds heard of a sound.")
    keep: dict[str, str] = Field(
        default_factory=dict[str, str], description="Only rows whose column has this value: {split: train}."
    )

    def open(self, folder: Path) -> Reader:
        """Read the table. Raises ``InputError`` for missing columns, or a table that is used for nothing."""
        path = inside(folder, self.table)
        columns = [*self.captions, *self.labels, *([self.transcript] if self.transcript else []), *self.keep]
        if not (self.captions or self.labels or self.transcript):
            raise InputError(f"{self.table}: nothing to read", expected="captions, labels or transcript")
        base = inside(folder, self.audio)
        layout = CsvLayout(delimiter=self.delimiter, quoted=self.quoted, header=self.header)
        first = 1 if self.header else 2
        sounds = [
            _Sound(path=inside(base, self._file(row)), row=row, place=f"{path.name} line {line}", table=self)
            for line, row in enumerate(read_csv(path, columns=columns, layout=layout), start=first)
            if all(row[column] == value for column, value in self.keep.items())
        ]
        makers = {
            "audio_caption": (self.captions, _caption),
            "audio_from_text": (self.captions, _FromText(sounds)),
            "audio_tag": (self.labels, _tag),
            "transcribe": (self.transcript, _transcribe),
            "speak": (self.transcript, _Speak(sounds)),
        }
        return Reader(
            name=path.name,
            shelves={
                task: Shelf(entries=sounds, record=maker, place=lambda sound: sound.place)
                for task, (wanted, maker) in makers.items()
                if wanted
            },
        )

    def _file(self, row: Mapping[str, str]) -> str:
        try:
            return self.file.format_map(row)
        except (LookupError, ValueError) as error:
            raise InputError(
                "bad pattern for the sounds' files", got=repr(self.file), expected=f"{{{'} {'.join(row)}}}"
            ) from error


@dataclass(frozen=True, kw_only=True, eq=False)
class _Sound:
    path: Path
    row: Mapping[str, str]
    place: str
    table: AudioTable

    def load(self, rng: np.random.Generator) -> Waveform:
        return load_clip(self.path, seconds=self.table.seconds, rng=rng)

    def caption(self, rng: np.random.Generator) -> str:
        texts = [" ".join(self.row[name].split()) for name in self.table.captions if self.row[name].strip()]
        if not texts:
            raise InputError("a sound without caption", expected=", ".join(self.table.captions))
        return texts[int(rng.integers(len(texts)))]

    @property
    def transcript(self) -> str:
        return " ".join(self.row[self.table.transcript or ""].split())


@dataclass(frozen=True, eq=False)
class _FromText:
    sounds: list[_Sound]

    def __call__(self, sound: _Sound, rng: np.random.Generator) -> Record:
        clip = sound.load(rng)
        judge = SpectrumJudge(sounds=(clip, *_others(self.sounds, sound, rng)))
        fields = {"description": sound.caption(rng), "sound": clip}
        return {**fields, "judge": judge, "label": judge.true_label}


@dataclass(frozen=True, eq=False)
class _Speak:
    """The judge hears the words of the sound, among a few others', that the answer is most like."""

    sounds: list[_Sound]

    def __call__(self, sound: _Sound, rng: np.random.Generator) -> Record:
        clip = sound.load(rng)
        others = [self.sounds[int(at)] for at in rng.integers(len(self.sounds), size=DECOYS)]
        judge = SpectrumJudge(sounds=(clip, *(other.path for other in others)))
        words = (sound.transcript, *(other.transcript for other in others))
        return {"transcript": words[0], "sound": clip, "judge": _Heard(judge, words)}


@dataclass(frozen=True, eq=False)
class _Heard:
    """The words of the sound that a judge takes an answer for."""

    judge: SpectrumJudge
    words: tuple[str, ...]

    def __call__(self, heard: Waveform) -> str:
        return self.words[int(self.judge(heard))]


def _others(sounds: list[_Sound], sound: _Sound, rng: np.random.Generator) -> list[Path]:
    drawn = [sounds[int(at)].path for at in rng.integers(len(sounds), size=2 * DECOYS)]
    return [path for path in dict.fromkeys(drawn) if path != sound.path][:DECOYS]


def _caption(sound: _Sound, rng: np.random.Generator) -> Record:
    return completed("audio_caption", {"audio": sound.load(rng), "caption": sound.caption(rng)})


def _tag(sound: _Sound, rng: np.random.Generator) -> Record:
    tags = tuple(sound.row[name].strip().lower() for name in sound.table.labels if sound.row[name].strip())
    if not tags:
        raise InputError("a sound without label", expected=", ".join(sound.table.labels))
    return {"audio": sound.load(rng), "tags": tags}


def _transcribe(sound: _Sound, rng: np.random.Generator) -> Record:
    return {"audio": sound.load(rng), "transcript": sound.transcript}
