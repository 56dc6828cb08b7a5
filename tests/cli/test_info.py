import json


def test_sizes_by_part_and_file(command, tiny_model_folder):
    facts = json.loads(command("info", tiny_model_folder, "--json").out)
    assert sum(facts["by part"].values()) == facts["parameters"]
    assert facts["sequence"]["picture out, codes"] == 16
    assert "tokenizer.model" in facts["files, bytes"]


def test_the_same_in_words(command, tiny_model_folder):
    out = command("info", tiny_model_folder).out
    assert f"{tiny_model_folder}" in out
    assert "\n  encoder " in out
