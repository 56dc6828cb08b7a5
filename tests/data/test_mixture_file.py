import re
from pathlib import Path

import pytest

from unio.core import ConfigError, validate_config
from unio.data.mixture_file import OWN, MixtureFile, Offers, load_mixture, shipped_mixtures
from unio.data.sources.playroom import PlayroomSource
from unio.data.tasks import TASKS

TUNING_RATES = {  # the paper's table 11
    "image generation": 17.6,
    "audio generation": 7.50,
    "image understanding": 17.8,
    "image sparse labelling": 7.25,
    "image dense labelling": 4.06,
    "video understanding": 10.6,
    "video sparse labelling": 3.42,
    "audio understanding": 2.50,
    "natural language": 25.0,
    "embodied AI": 4.33,
}
ADDED = {"augmented tasks": 6, "free form": 4}  # the paper's shares of all, beside 60 % of the tables' tasks


def small(temperature: float = 2, **rates: float) -> MixtureFile:
    values = {
        "title": "small",
        "temperature": temperature,
        "groups": {
            "seeing": {
                "rate": 30,
                "parts": {
                    "questions": {"rate": 2, "tasks": ["vqa"], "data": ["a", "b"]},
                    "words": {"rate": 1, "tasks": ["caption"]},
                },
            },
            "hearing": {"parts": {"sounds": {"rate": rates.get("sounds", 70), "data": ["c"]}}},
        },
    }
    return validate_config(MixtureFile, values, where="small")


def shares(file: MixtureFile, offers: Offers) -> dict[str, float]:
    return {name: round(share, 4) for name, share in file.weigh(offers).mixture.shares.items()}


OFFERS: Offers = {OWN: {"caption": None}, "a": {"vqa": 100}, "b": {"vqa": 400}, "c": {"tag": 9, "speak": 36}}


def test_rates_go_to_parts_and_roots_of_sizes_within_them() -> None:
    assert shares(small(), OFFERS) == {
        "a/vqa": 0.0667,
        "b/vqa": 0.1333,
        "caption": 0.1,
        "c/tag": 0.2333,
        "c/speak": 0.4667,
    }


def test_temperature_one_is_by_size() -> None:
    found = shares(small(temperature=1), OFFERS)
    assert found["a/vqa"] == 0.04
    assert found["b/vqa"] == 0.16


def test_what_is_absent_leaves_its_share_to_its_group() -> None:
    weighed = small().weigh({OWN: {"caption": None}, "c": {"tag": 9}})
    assert {entry.name: round(entry.share, 4) for entry in weighed.entries} == {"caption": 0.3, "c/tag": 0.7}
    assert weighed.absent == ("questions: a/vqa", "questions: b/vqa")


def test_an_absent_group_leaves_its_share_to_the_others() -> None:
    assert shares(small(), {OWN: {"caption": None}}) == {"caption": 1.0}


def test_an_empty_data_set_is_absent() -> None:
    assert small().weigh({OWN: {"caption": None}, "a": {"vqa": 0}}).absent[0] == "questions: a/vqa"


def test_an_entry_of_two_parts_has_both_shares() -> None:
    group = {"parts": {"one": {"rate": 1, "tasks": ["vqa"]}, "two": {"rate": 3, "tasks": ["vqa", "tag"]}}}
    file = validate_config(MixtureFile, {"title": "t", "groups": {"g": group}}, where="t")
    assert shares(file, {OWN: {"vqa": None, "tag": None}}) == {"vqa": 0.625, "tag": 0.375}


def test_nothing_there_is_told() -> None:
    with pytest.raises(
        ConfigError, match=r"nothing of the mixture 'small' is there: got d; .*a/vqa.*folders"
    ):
        small().weigh({"d": {"vqa": 3}})


def test_no_rate_is_told() -> None:
    with pytest.raises(ConfigError, match=r"'groups'.*at least one rate above 0"):
        validate_config(
            MixtureFile, {"title": "t", "groups": {"g": {"parts": {"p": {"rate": 0}}}}}, where="x"
        )


def test_an_unknown_mixture_is_told() -> None:
    with pytest.raises(ConfigError, match=r"no such mixture: got playrom; .*instruction_tuning, playroom"):
        load_mixture("playrom")


def test_a_mixture_may_be_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("title: mine\ngroups: {g: {parts: {p: {rate: 1, tasks: [vqa]}}}}\n")
    assert load_mixture(path).title == "mine"


@pytest.mark.parametrize("name", shipped_mixtures())
def test_shipped_mixtures_name_families_that_there_are(name: str) -> None:
    parts = [part for group in load_mixture(name).groups.values() for part in group.parts.values()]
    assert {task for part in parts for task in part.tasks} <= set(TASKS.names())


@pytest.mark.parametrize("name", ["pretraining", "instruction_tuning"])
def test_the_papers_groups_sum_to_their_rates(name: str) -> None:
    groups = {key: group for key, group in load_mixture(name).groups.items() if key not in ADDED}
    for group in groups.values():
        # The paper rounds each figure to three digits.
        assert sum(part.rate for part in group.parts.values()) == pytest.approx(
            group.total, rel=0.01, abs=0.011
        )
    assert sum(group.total for group in groups.values()) == pytest.approx(100, abs=0.1)


def test_the_tuning_mixture_has_the_papers_groups() -> None:
    rates = {name: group.rate for name, group in load_mixture("instruction_tuning").groups.items()}
    assert {name: rate for name, rate in rates.items() if name not in ADDED} == TUNING_RATES


def test_augmented_tasks_and_free_form_are_6_and_4_beside_60_of_the_tables_tasks() -> None:
    for name in ("instruction_tuning", "playroom_full"):
        groups = load_mixture(name).groups
        whole = sum(group.total for group in groups.values())
        shares = {group: groups[group].total / whole for group in ADDED}
        assert set(shares) == set(ADDED)
        if name == "instruction_tuning":
            # 70 % of a run's examples are of the mixture, 30 % are denoised.
            assert {group: round(70 * share, 2) for group, share in shares.items()} == ADDED
        for group in ADDED:
            parts = groups[group].parts.values()
            assert sum(part.rate for part in parts) == pytest.approx(groups[group].total)


def test_all_augmented_families_are_in_the_mixtures() -> None:
    families = {family.name for family in TASKS if family.group == "augmented tasks"}
    assert len(families) == 8
    for name in ("instruction_tuning", "playroom_full"):
        parts = load_mixture(name).groups["augmented tasks"].parts.values()
        assert families <= {task for part in parts for task in part.tasks}


def test_the_papers_data_sets_are_counted() -> None:
    groups = load_mixture("instruction_tuning").groups
    assert all(part.sets for name in TUNING_RATES for part in groups[name].parts.values())


def test_names_of_data_sets_fit_builders() -> None:
    names = {
        data
        for mixture in ("pretraining", "instruction_tuning")
        for group in load_mixture(mixture).groups.values()
        for part in group.parts.values()
        for data in part.data
    }
    assert all(re.fullmatch(r"[a-z0-9_]+", name) for name in names)
    builders = {path.stem for path in (Path(__file__).parents[2] / "configs" / "data").glob("*.yaml")}
    assert {"vqav2", "coco_captions", "refcoco", "audiocaps"} <= names & builders


def test_the_playrooms_mixture_is_all_there() -> None:
    source = PlayroomSource(split="train")
    weighed = load_mixture("playroom").weigh({OWN: dict.fromkeys(source.families())})
    assert weighed.absent == ()
    assert len(weighed.mixture.shares) == 20


def test_the_full_playroom_leaves_no_family_out() -> None:
    families = PlayroomSource(split="train").families()
    weighed = load_mixture("playroom_full").weigh({OWN: dict.fromkeys(families)})
    assert weighed.absent == ()
    assert set(weighed.mixture.shares) == set(families)


def test_the_example_of_the_docs_loads(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / "data.md").read_text()
    (block,) = re.findall(r"```\n(title: my mixture\n.*?)```", text, flags=re.DOTALL)
    (tmp_path / "mine.yaml").write_text(block)
    found = shares(load_mixture(tmp_path / "mine.yaml"), {OWN: {"vqa": None, "caption": None}})
    assert found == {"vqa": 0.5, "caption": 0.5}
