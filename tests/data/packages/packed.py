"""Small archives in the layouts of npm's and Debian's packages."""

import io
import json
import tarfile
import zipfile

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


CORNERS = [(x, y, z) for x in (0, 2) for y in (0, 4) for z in (0, 6)]
SIDES = ((1, 2, 4, 3), (5, 7, 8, 6), (1, 5, 6, 2), (3, 4, 8, 7), (1, 3, 7, 5), (2, 6, 8, 4))
"""A box of 2 x 4 x 6 in the axes of OBJ: x right, y up, z to the front. Side 6 is its front."""

PROPERTIES = """\
# PluginFurnitureCatalog.properties
id=SweetHome3D#SmallModels
license=Creative Commons Attribution 3.0 license \\u00a9 nobody

id#1=Small#chair
name#1=Chair
tags#1=Seat, Wood
category#1=Living room
model#1=/small/chair/chair.obj
width#1=40
depth#1=50.0
height#1=90
movable#1=true
doorOrWindow#1=false
creator#1=Nobody

id#2=Small#tv
name#2=TV stand
tags#2=
category#2=Living room
model#2=/small/tv/tv.obj
width#2=120
depth#2=60
height#2=45
doorOrWindow#2=false
modelRotation#2=0 0 1 0 1 0 -1 0 0
creator#2=Nobody
"""


def box_model(material):
    """An OBJ file: a box whose front has no material of its own."""
    lines = ["mtllib box.mtl", "o Box"]
    lines += [f"v {x} {y} {z}" for x, y, z in CORNERS]
    lines += ["vt 0.25 0.25", "vt 0.3 0.25", f"usemtl {material}"]
    lines += ["f " + " ".join(f"{corner}/{1 + place % 2}" for place, corner in enumerate(SIDES[0]))]
    lines += ["f " + " ".join(map(str, side)) for side in SIDES[1:5]]
    lines += ["usemtl front", "f " + " ".join(f"{corner}//1" for corner in SIDES[5])]
    return "\n".join(lines).encode()


def furniture_catalogue(properties=PROPERTIES, **changes):
    """A .sh3f of two boxes, one with a texture: ``changes`` are other contents by file, None for none."""
    checks = np.zeros((8, 8, 3), np.uint8)
    checks[4:, :4] = (0, 0, 255)
    materials = b"newmtl wood\nKd 1.0 0.5 0\nd 1\n\nnewmtl front\nKd 0.2 0.2 0.2\nillum 2\n"
    files = {
        "PluginFurnitureCatalog.properties": properties.encode("latin-1"),
        "PluginFurnitureCatalog_de.properties": b"name#1=Stuhl",
        "small/chair/chair.obj": box_model("wood"),
        "small/chair/chair.mtl": materials,
        "small/tv/tv.obj": box_model("wood"),
        "small/tv/tv.mtl": materials + b"\nnewmtl wood\nKd 1 1 1\nmap_Kd checks.png\n",
        "small/tv/checks.png": encode_image(checks, suffix=".png"),
        **changes,
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            if content is not None:
                archive.writestr(name, content)
    return packed.getvalue()


def furniture_files(catalogue=None):
    return {
        "./usr/share/doc/sweethome3d-furniture/copyright": b"CC-BY-3.0",
        "./usr/share/sweethome3d/furniture/Small.sh3f": catalogue or furniture_catalogue(),
        "./usr/share/sweethome3d/other/Never.sh3f": b"never read",
    }


def furniture_deb():
    packed = tar_of(furniture_files())
    return deb_of({"debian-binary": b"2.0\n", "control.tar.gz": b"odd", "data.tar.gz": packed})
