"""WebDataset shards of the playroom: scenes with all their truth, and sounds with their captions.

Layout::

    scenes-00000.tar    000000.png .txt .json .depth.png .normals.png .ids.png  000001.png ..
    sounds-00000.tar    000000.wav .txt  000001.wav ..

``txt`` is the caption, ``json`` the scene as `unio.playroom.export.scene_record` tells it. Our own reader
makes ``caption`` and ``image_from_text`` of scenes, ``audio_caption`` and ``audio_from_text`` of sounds.
"""

import io
import json
import tarfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from unio.data.sources.playroom import PlayroomSource
from unio.data.writers.pictures import encode_png, truth_pictures
from unio.data.writers.shards import Plan
from unio.media import encode_audio, write_whole
from unio.playroom.export import scene_record

__all__ = ["TarShards", "pack_tar"]

Members = Mapping[str, bytes]
"""Suffix -> the bytes of a sample's member."""


@dataclass(frozen=True, kw_only=True)
class TarShards:
    """Scenes (picture, caption, depth, normals, ids, the scene itself), or sounds and captions."""

    source: PlayroomSource
    kind: Literal["scenes", "sounds"]
    seed: int = 0

    def marker(self, shard: int) -> str:
        """The tar."""
        return f"{self.kind}-{shard:05d}.tar"

    def write(self, folder: Path, shard: int, numbers: range) -> None:
        """One tar, whole or not at all."""
        sample = self._scene if self.kind == "scenes" else self._sound
        samples = ((f"{number:06d}", sample(number)) for number in numbers)
        write_whole(folder / self.marker(shard), pack_tar(samples))

    def finish(self, folder: Path, plan: Plan) -> None:
        """Nothing: a tar speaks for itself."""

    def settings(self) -> dict[str, Any]:
        """Source, kind and seed."""
        return {"format": f"webdataset {self.kind}", "source": asdict(self.source), "seed": self.seed}

    def builder(self, plan: Plan) -> dict[str, Any]:
        """Reads the tars."""
        return {
            "name": f"playroom_{self.kind}",
            "title": f"{plan.count} {self.kind} of the playroom with captions",
            "licence": "Apache-2.0, as unio itself",
            "get": "unio playroom render --format webdataset",
            "folder": f"{self.marker(0)} and so on",
            "reader": {"kind": "webdataset", "shards": f"{self.kind}-*.tar"},
        }

    def _scene(self, number: int) -> Members:
        record = self.source.record("caption", self.seed, number)
        view = self.source.view(self.seed, number)
        told = scene_record(view.scene, view.frame)
        return {
            "png": encode_png(record["image"]),
            "txt": record["caption"].encode(),
            "json": json.dumps(told).encode(),
            **truth_pictures(view.frame),
        }

    def _sound(self, number: int) -> Members:
        record = self.source.record("audio_caption", self.seed, number)
        return {"wav": encode_audio(record["audio"]), "txt": record["caption"].encode()}


def pack_tar(samples: Iterable[tuple[str, Members]]) -> bytes:
    """Samples, key and members, as an uncompressed tar; the same samples give the same bytes.

    Example: ``[("0", {"txt": b"a"})]`` is a tar of one file ``0.txt``.
    """
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for key, members in samples:
            for suffix, raw in members.items():
                member = tarfile.TarInfo(f"{key}.{suffix}")
                member.size = len(raw)
                tar.addfile(member, io.BytesIO(raw))
    return content.getvalue()
