from unio.train.svg_chart import bars, chart, thin


def test_a_line_runs_from_corner_to_corner() -> None:
    drawn = chart("loss", {"text": [(0, 1.0), (10, 3.0)]})
    assert 'points="56.0,230.0 510.0,28.0"' in drawn
    assert ">loss<" in drawn
    assert ">text 3<" in drawn


def test_the_last_step_is_written_within_the_border() -> None:
    drawn = chart("loss", {"text": [(0, 1.0), (123456, 3.0)]})
    assert '<text x="510.0" y="250" text-anchor="end">123,456</text>' in drawn


def test_names_are_escaped() -> None:
    assert "a &lt;b&gt;" in chart("a <b>", {"x": [(0, 1.0)]})


def test_values_that_are_not_finite_are_left_out() -> None:
    assert chart("loss", {"text": [(0, float("nan"))]}) == ""
    assert 'points="56.0,230.0 510.0,28.0"' in chart(
        "loss", {"text": [(0, 1.0), (5, float("inf")), (10, 3.0)]}
    )


def test_many_points_are_thinned_to_means() -> None:
    assert thin([(1, 4.0), (2, 2.0), (3, 0.0), (4, 6.0)], most=2) == [(2, 3.0), (4, 3.0)]
    assert thin([(1, 4.0), (2, 2.0)], most=3) == [(1, 4.0), (2, 2.0)]
    assert thin([]) == []


def test_bars_fall_from_left_to_right() -> None:
    drawn = bars("codes", [1.0, 0.0, 2.0])
    heights = [part.split('height="')[1].split('"')[0] for part in drawn.split("<rect")[1:]]
    assert heights == ["202.0", "101.0", "0.0"]
    assert bars("codes", []) == ""
