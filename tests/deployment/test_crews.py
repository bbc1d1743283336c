"""Crews: numbers by class, and every fault of [crew] as a sentence."""

from __future__ import annotations

from optimizer.deployment import CrewSettings
from optimizer.deployment.crews import crew_faults, crew_of


def test_a_class_has_its_own_numbers_where_it_names_them() -> None:
    settings = CrewSettings(
        classes={"county": {"officers": 6, "motorcycles": 2}}, class_of={"North": "county"}
    )
    county, city = crew_of(settings, "North"), crew_of(settings, "South")
    assert (county.crew_class, county.officers, county.auxiliaries) == ("county", 6, 24)
    assert county.vehicles == (1, 2, 2)
    assert (city.crew_class, city.officers, city.vehicles) == ("", 8, (1, 2, 4))


def test_a_vehicle_that_is_not_named_has_the_usual_people() -> None:
    crew = crew_of(CrewSettings(aboard={"motorcycle": 2}, always={"motorcycle": 1}), "")
    assert crew.aboard == (2, 2, 2)
    assert crew.officers_aboard == (1, 1, 0)
    assert crew.always == (0, 0, 1)


def test_further_vehicles_are_those_that_take_fewest_people() -> None:
    assert crew_of(CrewSettings(), "").with_more_vehicles(2).vehicles == (1, 2, 6)
    dear = CrewSettings(aboard={"motorcycle": 3})
    assert crew_of(dear, "").with_more_vehicles(2).vehicles == (1, 4, 4)


def test_all_faults_come_at_once_and_say_what_to_do() -> None:
    settings = CrewSettings(
        officers_aboard={"response_car": 3},
        always={"response_car": 3},
        classes={
            "village": {"officers": 0, "auxiliaries": 0},
            "foot": {"command_vehicles": 0, "response_cars": 0, "motorcycles": 0},
        },
        class_of={"Nort": "village", "South": "vilage"},
    )
    assert list(crew_faults(settings, ["North", "South"])) == [
        '[crew] class_of: there is no district "Nort"; did you mean "North"?',
        '[crew] class_of: there is no class "vilage"; did you mean "village"?',
        (
            "[crew] officers_aboard: a response_car has 2 aboard but needs 3 sworn officers among "
            "them; raise aboard or lower officers_aboard"
        ),
        (
            "[crew]: always asks for 3 of response_car around the clock, but there are 2; lower "
            "always or add vehicles"
        ),
        "[crew] classes.village: a crew of zero can man nothing; give officers or auxiliaries",
        (
            "[crew] classes.village: always asks for 3 of response_car around the clock, but there "
            "are 2; lower always or add vehicles"
        ),
        "[crew] classes.foot: there is no vehicle to man; give at least one",
        (
            "[crew] classes.foot: always asks for 3 of response_car around the clock, but there "
            "are 0; lower always or add vehicles"
        ),
    ]


def test_the_usual_crew_has_no_faults() -> None:
    assert list(crew_faults(CrewSettings(), [])) == []
