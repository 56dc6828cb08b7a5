import json

from unio.data.tasks import TASKS


def test_every_family_has_a_line(command):
    header, *lines = command("tasks").out.splitlines()
    assert header.split()[0] == "family"
    assert [line.split()[0] for line in lines] == TASKS.names()


def test_json_holds_the_metric_and_chance_too(command):
    rows = json.loads(command("tasks", "--json").out)
    detect = next(row for row in rows if row["family"] == "detect")
    assert (detect["inputs"], detect["answer"], detect["metric"]) == (
        "image",
        "text",
        TASKS.get("detect").metric,
    )
