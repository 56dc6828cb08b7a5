from pathlib import Path

import pytest
from data.packages.packed import stamp_files

from unio.core import InputError
from unio.data.packages.tux_paint import TUX_PAINT, lay_out_tux_paint
from unio.data.sources.builder import load_builder
from unio.data.sources.read_source import ReadSource

BUILDERS = Path(__file__).resolve().parents[3] / "configs" / "data"
FILES = {name.removeprefix("./"): held for name, held in stamp_files().items()}
KEPT = {name: held for name, held in FILES.items() if TUX_PAINT.is_data(name)}


def test_sentences_read_aloud_are_left_out():
    assert FILES.keys() - KEPT.keys() == {"usr/share/tuxpaint/stamps/animals/birds/crow_desc.ogg"}
    assert not TUX_PAINT.is_data("usr/share/doc/tuxpaint-stamps-default/changelog.gz")


def test_pictures_with_sentences_are_read_back(tmp_path):
    lay_out_tux_paint(KEPT, tmp_path)
    source = ReadSource(load_builder(BUILDERS / "tux_paint.yaml"), tmp_path)
    said = {source.example("caption", 0, index).target_text for index in range(2)}
    assert said == {"A crow.", "A dodo."}
    assert source.example("tag", 0, 0).target_text == "animals, birds"
    asked = source.example("image_from_text", 0, 0)
    assert any(words in asked.prompt for words in ("a crow", "a dodo"))
    drawn = asked.target_image
    assert drawn is not None
    assert drawn.shape == (8, 8, 3)
    assert drawn[:, 3, 0].tolist() == [255, 120, 120, 120, 120, 120, 255, 255]
    assert (tmp_path / "LICENCE.txt").read_text() == "GPL-2+"
    assert not (tmp_path / "media" / "hats").exists()


def test_sounds_are_heard_made_of_a_text_and_of_a_picture(tmp_path):
    lay_out_tux_paint(KEPT, tmp_path)
    source = ReadSource(load_builder(BUILDERS / "tux_paint_sounds.yaml"), tmp_path)
    assert set(source.families()) == {"audio_caption", "audio_from_text", "converse_audio"}
    heard = source.example("audio_caption", 0, 0)
    assert heard.target_text == "A crow."
    assert heard.audio is not None
    made = source.example("audio_from_text", 0, 0)
    assert "a crow" in made.prompt
    seen = source.example("converse_audio", 0, 0)
    assert seen.image is not None
    assert seen.target_audio is not None
    assert made.target_audio is not None
    assert len(seen.target_audio.samples) == len(made.target_audio.samples) == 1600


def test_names_keep_their_capital(tmp_path):
    named = {"usr/share/tuxpaint/stamps/animals/birds/dodo.txt": b"Tux and the dodo."}
    lay_out_tux_paint({**KEPT, **named}, tmp_path)
    assert '"description": "Tux and the dodo"' in (tmp_path / "pictures-train.jsonl").read_text()


def test_a_broken_picture_is_told(tmp_path):
    with pytest.raises(InputError, match="picture"):
        lay_out_tux_paint({**KEPT, "usr/share/tuxpaint/stamps/animals/birds/dodo.png": b"broken"}, tmp_path)


@pytest.mark.parametrize(
    ("gone", "message"),
    [
        ("copyright", r"tuxpaint-stamps-default has no usr/share/doc/"),
        (".txt", r"tuxpaint-stamps-default holds no pictures in the layout"),
        (".ogg", r"tuxpaint-stamps-default holds no sounds in the layout"),
    ],
)
def test_another_layout_is_told(tmp_path, gone, message):
    with pytest.raises(InputError, match=message):
        lay_out_tux_paint({name: held for name, held in KEPT.items() if not name.endswith(gone)}, tmp_path)


def test_a_name_that_leads_out_is_refused(tmp_path):
    stamps = "usr/share/tuxpaint/stamps/"
    dodo = KEPT[f"{stamps}animals/birds/dodo.png"]
    bad = {f"{stamps}../../x.png": dodo, f"{stamps}../../x.txt": b"A way out."}
    with pytest.raises(InputError, match="leads out of the data set's folder"):
        lay_out_tux_paint({**KEPT, **bad}, tmp_path)
