import pytest
from data.packages.packed import furniture_deb, stamp_deb


def test_packages_are_listed_with_their_licences(command):
    outcome = command("data", "fetch")
    assert outcome.status == 0
    assert "openmoji    OpenMoji, drawn pictures" in outcome.out
    assert "npm openmoji 17.0.0, 5 MB; licence: CC BY-SA 4.0" in outcome.out
    assert "apt tuxpaint-stamps-default, 161 MB; licence: GPL 2" in outcome.out
    assert "apt sweethome3d-furniture, 120 MB; licence: CC BY 3.0" in outcome.out
    assert "made by minigrid, the extra babyai; licence: MIT" in outcome.out


def test_an_archive_becomes_a_folder_of_examples(command, tmp_path):
    archive = tmp_path / "stamps.deb"
    archive.write_bytes(stamp_deb())
    folder = tmp_path / "stamps"
    outcome = command("data", "fetch", "tux_paint", "--archive", archive, "--out", folder)
    assert outcome.status == 0
    assert "downloading" not in outcome.out
    assert "pictures-train        2" in outcome.out
    given = ["--folder", f"tux_paint={folder}", "--folder", f"tux_paint_sounds={folder}"]
    assert f"unio data show real_small {' '.join(given)}" in outcome.out
    counted = command("data", "stats", "real_small", "--examples", "12", *given)
    assert counted.status == 0
    assert "tux_paint_sounds/converse_audio" in counted.out
    assert "captioning: openmoji/caption" in counted.out.splitlines()[-1]


def test_furniture_becomes_rooms(command, tmp_path):
    archive = tmp_path / "furniture.deb"
    archive.write_bytes(furniture_deb())
    folder = tmp_path / "furniture"
    outcome = command("data", "fetch", "sweet_home", "--archive", archive, "--out", folder)
    assert outcome.status == 0
    assert "furniture-train       2" in outcome.out
    given = ["--folder", f"sweet_home={folder}"]
    counted = command("data", "stats", "real_small", "--examples", "12", *given)
    assert counted.status == 0
    assert "sweet_home/cuboid" in counted.out
    assert "sweet_home/view_synthesis" in counted.out


def test_without_a_client_it_is_told(command, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    outcome = command("data", "fetch", "openmoji", "--out", tmp_path / "openmoji")
    assert outcome.status == 2
    assert outcome.out.endswith("downloading npm openmoji 17.0.0, 5 MB\n")
    assert outcome.err.startswith(
        "unio: error: npm is not installed: fix: download it elsewhere with 'npm pack"
    )
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_package_is_told(refused):
    assert refused("data", "fetch", "openmojy").startswith("unknown package: got 'openmojy'; expected")


def test_a_simulators_expert_makes_what_is_asked_for(command, tmp_path):
    pytest.importorskip("minigrid")
    outcome = command("data", "fetch", "babyai", "--count", "2", "--out", tmp_path / "babyai")
    assert outcome.status == 0
    assert "solving 2 problems" in outcome.out
    assert f"real_small --folder babyai={tmp_path / 'babyai'}" in outcome.out
    stats = command(
        "data", "stats", "real_small", "--examples", "4", "--folder", f"babyai={tmp_path / 'babyai'}"
    )
    assert "babyai/navigate" in stats.out


def test_what_is_made_has_no_archive(refused, tmp_path):
    told = refused("data", "fetch", "babyai", "--archive", tmp_path)
    assert told == "babyai has no archive: expected no --archive: it is made here"
