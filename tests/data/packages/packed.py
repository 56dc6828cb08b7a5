"""Small archives in the layouts of npm's and Debian's packages."""

import io
import json
import tarfile

import numpy as np

from unio.media import encode_audio, encode_image
from unio.schema import Waveform

STAMPS = "./usr/share/tuxpaint/stamps/"
DRAWING = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><path fill="#f00" d="M0 0h4v2H0z"/></svg>'
)


def tar_of(files, *, links=()):
    """A gzipped tar of names and contents, with links beside them."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
        for name, target in links:
            member = tarfile.TarInfo(name)
            member.type, member.linkname = tarfile.SYMTYPE, target
            tar.addfile(member)
    return packed.getvalue()


def deb_of(members):
    """An ar archive of names and contents, as deb(5) has it."""
    packed = b"!<arch>\n"
    for name, content in members.items():
        packed += f"{name:<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(content):<10}`\n".encode()
        packed += content + b"\n" * (len(content) % 2)
    return packed


def emoji(code, name, *, tags="", own="", skintone="", subgroup="face-smiling"):
    return {
        "hexcode": code,
        "annotation": name,
        "tags": tags,
        "openmoji_tags": own,
        "skintone": skintone,
        "subgroups": subgroup,
    }


def openmoji_files():
    """Two plain pictures, a variant of skin tone, and one without a drawing."""
    entries = [
        emoji("1F600", "grinning face", tags="happy, Face", own="smile, happy"),
        emoji("1F408", "cat", subgroup="animal-mammal"),
        emoji("1F476-1F3FD", "baby: medium skin tone", skintone=3),
        emoji("E000", "nowhere drawn"),
    ]
    return {
        "package/data/openmoji.json": json.dumps(entries).encode(),
        "package/LICENSE.txt": b"Attribution-ShareAlike 4.0",
        "package/index.js": b"never read",
        **{f"package/color/svg/{code}.svg": DRAWING for code in ("1F600", "1F408", "1F476-1F3FD")},
    }


def stamp_files():
    """A bird that sounds, one that does not, a picture without sentence, a sentence read aloud."""
    cut_out = np.full((5, 8, 3), 120, np.uint8)
    time = np.arange(1600) / 16000
    tone = Waveform(samples=(0.5 * np.sin(2764.6 * time)).astype(np.float32), rate=16000)
    picture, sound = encode_image(cut_out, suffix=".png"), encode_audio(tone, suffix=".ogg")
    return {
        "./usr/share/doc/tuxpaint-stamps-default/copyright": b"GPL-2+",
        f"{STAMPS}animals/birds/crow.png": picture,
        f"{STAMPS}animals/birds/crow.txt": "A crow.\nde.utf8=Eine Krähe.\n".encode(),
        f"{STAMPS}animals/birds/crow.ogg": sound,
        f"{STAMPS}animals/birds/crow_desc.ogg": b"read aloud",
        f"{STAMPS}animals/birds/dodo.png": picture,
        f"{STAMPS}animals/birds/dodo.txt": b"A dodo.\n",
        f"{STAMPS}hats/mute.png": picture,
    }


def stamp_deb(files=None):
    packed = tar_of(stamp_files() if files is None else files)
    return deb_of({"debian-binary": b"2.0\n", "control.tar.gz": b"odd", "data.tar.gz": packed})
