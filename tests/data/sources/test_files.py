import pytest

from unio.core import InputError
from unio.data.sources.files import find_file, inside, read_csv, read_json, rows_of


@pytest.mark.parametrize("name", ["../secret.png", "/etc/passwd", "a/../../b", "c:/x", "..\\x", "", "a\0b"])
def test_names_that_lead_out_are_refused(tmp_path, name):
    with pytest.raises(InputError, match="leads out of the data set's folder"):
        inside(tmp_path, name)


def test_a_link_that_leads_out_is_refused(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "secret").write_text("x")
    (tmp_path / "data" / "link").symlink_to(tmp_path / "secret")
    with pytest.raises(InputError, match="a link leads out of the data set's folder"):
        inside(tmp_path / "data", "link")


def test_names_inside_are_found(tmp_path):
    (tmp_path / "a").mkdir()
    assert inside(tmp_path, "a/b.png") == tmp_path / "a" / "b.png"
    assert find_file(tmp_path, "a") == tmp_path / "a"
    with pytest.raises(InputError, match=r"has no a/b\.png"):
        find_file(tmp_path, "a/b.png")


def test_json_is_read_or_its_fault_told(folder):
    assert read_json(folder.json("a.json", {"b": 1})) == {"b": 1}
    with pytest.raises(InputError, match="is not valid JSON"):
        read_json(folder.text("bad.json", "{"))
    with pytest.raises(InputError, match="cannot read"):
        read_json(folder.path / "none.json")


def test_rows_of_a_list(folder):
    path = folder.path / "a.json"
    assert rows_of({"images": [{"id": 3}]}, "images", path=path, needs=("id",)) == [{"id": 3}]
    with pytest.raises(InputError, match=r"a.json: 'images' is no list: got NoneType"):
        rows_of({}, "images", path=path, needs=())
    with pytest.raises(InputError, match=r"a.json: 'images', entry 1 has no 'id'"):
        rows_of({"images": [{"id": 3}, {}]}, "images", path=path, needs=("id",))
    with pytest.raises(InputError, match=r"a.json, entry 0 has no 'id'"):
        rows_of([5], None, path=path, needs=("id",))


def test_csv_is_read_or_its_fault_told(folder):
    path = folder.text("a.csv", 'file,caption\nx.wav,"A dog, barking"\n')
    assert read_csv(path, columns=("file", "caption")) == [{"file": "x.wav", "caption": "A dog, barking"}]
    with pytest.raises(InputError, match=r"a.csv has no column 'label': got file, caption"):
        read_csv(path, columns=("label",))
    with pytest.raises(InputError, match=r"b.csv line 2 has too few columns"):
        read_csv(folder.text("b.csv", "file,caption\nx.wav\n"), columns=("file", "caption"))
    with pytest.raises(InputError, match="cannot read"):
        read_csv(folder.path / "none.csv", columns=())
