import json
from pathlib import Path

from unio.evals.report import markdown_table, table_rows, write_report
from unio.evals.summary import TaskSummary, summaries_from_json


def test_cells_of_the_table(accuracy: TaskSummary, degrees: TaskSummary) -> None:
    assert table_rows([accuracy, degrees]) == [
        ("vqa", "accuracy", "0.830", "0.310", "1.000", "5", "12 ms"),
        ("normals", "median_degrees (lower is better)", "12.500", "60.000", "", "3", "2.25 s"),
    ]


def test_markdown_has_a_head_and_a_line_a_family(accuracy: TaskSummary, degrees: TaskSummary) -> None:
    head, alignment, first, second = markdown_table([accuracy, degrees]).splitlines()
    assert head.startswith("| family | metric | score |")
    assert alignment == "| --- | --- | ---: | ---: | ---: | ---: | ---: |"
    assert first == "| vqa | accuracy | 0.830 | 0.310 | 1.000 | 5 | 12 ms |"
    assert second.startswith("| normals |")


def test_the_report_reads_back(tmp_path: Path, accuracy: TaskSummary, degrees: TaskSummary) -> None:
    write_report(tmp_path / "out", [accuracy, degrees], about={"model": "tiny", "count": 5})
    values = json.loads((tmp_path / "out" / "results.json").read_text())
    assert values["about"] == {"model": "tiny", "count": 5}
    assert summaries_from_json(values) == [accuracy, degrees]
    assert (tmp_path / "out" / "results.md").read_text().startswith("model tiny, count 5\n\n| family |")
