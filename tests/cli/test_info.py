import json


def test_sizes_by_part_and_file(command, tiny_model_folder):
    facts = json.loads(command("info", tiny_model_folder, "--json").out)
    assert sum(facts["by part"].values()) == facts["parameters"]
    assert facts["stored as"] == {"float32": facts["parameters"]}
    assert facts["sequence"]["picture out, codes"] == 16
    assert "tokenizer.model" in facts["files, bytes"]
    assert (facts["layout"], facts["tokenizer"]) == ("unio", "290 pieces")


def test_memory_by_use(command, published_folder):
    facts = json.loads(command("info", published_folder, "--json").out)
    assert facts["layout"] == "reference"
    memory = facts["memory of the weights, bytes"]
    assert memory["everything"]["float32"] == 4 * facts["parameters"]
    assert memory["text -> text"]["bfloat16"] * 2 == memory["text -> text"]["float32"]
    assert memory["text, picture -> text"]["bfloat16"] > memory["text -> text"]["bfloat16"]


def test_the_same_in_words(command, tiny_model_folder):
    out = command("info", tiny_model_folder).out
    assert f"{tiny_model_folder}" in out
    assert "\n  encoder " in out
    assert "\n  text, picture -> text " in out


def test_a_folder_without_a_tokenizer(command, published_folder, tmp_path):
    for path in published_folder.iterdir():
        if path.name != "tokenizer.model":
            (tmp_path / path.name).symlink_to(path)
    assert "none (the folder has no tokenizer.model)" in command("info", tmp_path).out
