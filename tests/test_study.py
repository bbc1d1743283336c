"""study.toml: what is accepted, and the sentence for what is not."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from optimizer.errors import InputError
from optimizer.study import PlacePoint, read_study

LEAST = """
[study]
name = "town"
as_of = 2026-01-01
[calls]
path = "calls.csv"
time = "time"
[roads]
path = "roads.gpkg"
[standards]
urban = 5
"""


def study_of(folder: Path, text: str) -> Path:
    path = folder / "study.toml"
    path.write_text(text, encoding="utf-8")
    return path


def faults_of(folder: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(InputError) as error:
        read_study(study_of(folder, text))
    return error.value.faults


def test_the_least_study(tmp_path: Path) -> None:
    study = read_study(study_of(tmp_path, LEAST))
    assert study.settings.study.language == "en"
    assert study.settings.standards.minutes == {"urban": 5}
    assert study.settings.crew.auxiliaries == 24
    assert study.root == tmp_path


def test_as_of_can_be_replaced(tmp_path: Path) -> None:
    study = read_study(study_of(tmp_path, LEAST))
    later = study.with_as_of(dt.date(2026, 4, 1))
    assert later.settings.study.as_of == dt.date(2026, 4, 1)
    assert study.settings.study.as_of == dt.date(2026, 1, 1)
    assert study.with_as_of(None) is study


def test_all_faults_at_once(tmp_path: Path) -> None:
    text = LEAST.replace('name = "town"', 'name = "../town"\nsed = 1') + "[crew]\nshifts = 0\n"
    faults = faults_of(tmp_path, text)
    assert len(faults) == 3
    assert any("[study] name '../town'" in fault for fault in faults)
    assert any("did you mean seed?" in fault for fault in faults)
    assert any("[crew] shifts 0" in fault for fault in faults)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[calls]", "[call]", "did you mean calls?"),
        ('time = "time"', 'time = "time"\nlongitud = "x"', "did you mean longitude?"),
        ("urban = 5", "urban = 5\nturnout_second = 0", "did you mean turnout_seconds?"),
        ("urban = 5", "urban = -5", "[standards] urban -5"),
        ('name = "town"', "", "[study] name is missing"),
        ("[calls]", '[demand]\npath = "c.csv"\n[calls]', "either [calls]"),
        ("as_of = 2026-01-01", "", "as_of"),
        ("[standards]", "[crew.classes]\ncity = { officer = 1 }\n[standards]", "mean officers?"),
        (
            "[standards]",
            "[quick_response]\ncount = 0\n[standards]",
            "[quick_response] count 0: should be greater than or equal to 1, or should be 'all'",
        ),
        ("as_of = 2026-01-01", 'as_of = "x"', "as_of 'x': should be a day such as 2026-01-01"),
        ("as_of = 2026-01-01", "as_of = 20260101", "as_of 20260101: should be a day such as"),
        ("[study]", "crew = 3\n[study]", "[crew] 3: should be a table of keys and values"),
        ("[standards]", '[crew]\nofficers = "x"\n[standards]', "officers 'x': should be a whole n"),
        (
            "[standards]",
            '[grids]\nkeep = "districts"\nareas = { A = [] }\n[standards]',
            "[grids] areas.A []: should not be empty",
        ),
        (
            "[standards]",
            "[crew]\nalways = { respons_car = 1 }\n[standards]",
            "unknown key [crew] always.respons_car; did you mean response_car?",
        ),
        (
            "[standards]",
            "[crew]\naboard = { x = 1 }\n[standards]",
            "aboard.x; known here are command_vehicle, motorcycle, response_car",
        ),
        (
            "[standards]",
            "[crew]\nofficers = 1001\n[standards]",
            "[crew] officers 1001: should be less",
        ),
        ("[standards]", "[crew]\nutilisation = 1e-9\n[standards]", "greater than or equal to 0.01"),
        (
            "[standards]",
            '[villages]\npath = "v.csv"\ncrew = {}\n[standards]',
            "[villages] crew: should not be empty",
        ),
        (
            "[standards]",
            '[villages]\npath = "v.csv"\ncrew = { "" = 1 }\n[standards]',
            "[villages] crew '': should not be empty",
        ),
        ("[standards]", "[standards", "cannot be read as a TOML file"),
    ],
)
def test_faults_say_what_and_where(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert any(words in fault for fault in faults_of(tmp_path, LEAST.replace(old, new, 1)))


def test_key_sites_are_files_or_points(tmp_path: Path) -> None:
    text = LEAST + (
        '[[key_sites]]\npath = "schools.csv"\n'
        '[[key_sites]]\nname = "Hospital"\nlon = 111.9\nlat = 27.9\nweight = 50\n'
        "[[key_sites]]\nnode = 12\n"
    )
    file, hospital, node = read_study(study_of(tmp_path, text)).settings.key_sites
    assert getattr(file, "path", None) == "schools.csv"
    assert isinstance(hospital, PlacePoint)
    assert (hospital.name, hospital.weight) == ("Hospital", 50)
    assert isinstance(node, PlacePoint)
    assert node.node == "12"


def test_a_key_site_is_somewhere_once(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, LEAST + '[[key_sites]]\nname = "Nowhere"\n')
    assert any("needs one of path" in fault for fault in faults)


def test_count_or_budgets(tmp_path: Path) -> None:
    assert faults_of(tmp_path, LEAST + "[platforms]\nmin_legs = 4\n")
    assert faults_of(tmp_path, LEAST + "[platforms]\ncount = 3\nper_district = {A = 1}\n")
    study = read_study(study_of(tmp_path, LEAST + '[platforms]\ncount = "curve"\n'))
    assert study.settings.platforms is not None
    assert study.settings.platforms.count == "curve"
