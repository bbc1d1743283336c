"""The people and vehicles of a platform, and what can be wrong with what a study says of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence

from optimizer.demand import district_advice
from optimizer.deployment.settings import VEHICLES, CrewSettings, Vehicle
from optimizer.places import nearest

_COLUMNS: dict[Vehicle, str] = {
    "command_vehicle": "command_vehicles",
    "response_car": "response_cars",
    "motorcycle": "motorcycles",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Crew:
    """People and vehicles of one platform; numbers by vehicle are in the order of VEHICLES.

    Parameters
    ----------
    crew_class
        "" for what [crew] says of every platform.
    vehicles
        How many of each there are.
    aboard, officers_aboard
        People that each needs, and sworn officers among them.
    always
        How many of each are manned around the clock.
    """

    crew_class: str
    officers: int
    auxiliaries: int
    vehicles: tuple[int, ...]
    aboard: tuple[int, ...]
    officers_aboard: tuple[int, ...]
    always: tuple[int, ...]

    @property
    def response_units(self) -> int:
        """Cars and motorcycles."""
        return self.vehicles[1] + self.vehicles[2]

    def numbers(self) -> dict[str, int]:
        """Give vehicles and people under their names in [crew]."""
        vehicles = dict(zip(_COLUMNS.values(), self.vehicles, strict=True))
        return {**vehicles, "officers": self.officers, "auxiliaries": self.auxiliaries}

    def with_people(self, officers: int, auxiliaries: int) -> Crew:
        """Return the same vehicles with other people."""
        return dataclasses.replace(self, officers=officers, auxiliaries=auxiliaries)

    def with_more_vehicles(self, count: int) -> Crew:
        """Return the crew with further response units, of the kind that takes fewest people."""
        kind = min((1, 2), key=lambda each: (self.aboard[each], self.officers_aboard[each], -each))
        vehicles = list(self.vehicles)
        vehicles[kind] += count
        return dataclasses.replace(self, vehicles=tuple(vehicles))

    def all_always(self) -> Crew:
        """Return the crew that must man every vehicle around the clock."""
        return dataclasses.replace(self, always=self.vehicles)


def crew_of(settings: CrewSettings, district: str) -> Crew:
    """Look up the crew of a platform in a district."""
    return _crew(settings, settings.class_of.get(district, ""))


def crew_faults(settings: CrewSettings, districts: Iterable[str]) -> Iterator[str]:
    """Tell what is wrong with [crew], one sentence per fault; ``districts`` are the study's."""
    yield from _name_faults(settings, list(districts))
    for vehicle in VEHICLES:
        aboard, officers = _by_vehicle(settings, vehicle)
        if officers > aboard:
            yield (
                f"[crew] officers_aboard: a {vehicle} has {aboard} aboard but needs {officers} "
                "sworn officers among them; raise aboard or lower officers_aboard"
            )
    for name in ("", *settings.classes):
        where = f"[crew] classes.{name}" if name else "[crew]"
        yield from _number_faults(_crew(settings, name), where)


def _advice(name: str, known: Sequence[str]) -> str:
    """Say which known name may be meant by an unknown one."""
    close = nearest(name, known)
    if close is not None:
        return f'did you mean "{close}"?'
    return f"there are {', '.join(known)}" if known else "there are none, take it out"


def _name_faults(settings: CrewSettings, districts: list[str]) -> Iterator[str]:
    for district, name in settings.class_of.items():
        if district not in districts:
            yield (
                f'[crew] class_of: there is no district "{district}"; '
                + district_advice(district, districts)
            )
        if name not in settings.classes:
            yield (
                f'[crew] class_of: there is no class "{name}"; '
                + _advice(name, list(settings.classes))
            )


def _number_faults(crew: Crew, where: str) -> Iterator[str]:
    if crew.officers + crew.auxiliaries == 0:
        yield f"{where}: a crew of zero can man nothing; give officers or auxiliaries"
    if sum(crew.vehicles) == 0:
        yield f"{where}: there is no vehicle to man; give at least one"
    for vehicle, always, there in zip(VEHICLES, crew.always, crew.vehicles, strict=True):
        if always > there:
            yield (
                f"{where}: always asks for {always} of {vehicle} around the clock, but there "
                f"{'is' if there == 1 else 'are'} {there}; lower always or add vehicles"
            )


def _crew(settings: CrewSettings, name: str) -> Crew:
    own = settings.classes.get(name)

    def number(key: str) -> int:
        other = None if own is None else getattr(own, key)
        return int(getattr(settings, key) if other is None else other)

    aboard, officers_aboard = zip(*(_by_vehicle(settings, each) for each in VEHICLES), strict=True)
    return Crew(
        crew_class=name,
        officers=number("officers"),
        auxiliaries=number("auxiliaries"),
        vehicles=tuple(number(_COLUMNS[vehicle]) for vehicle in VEHICLES),
        aboard=aboard,
        officers_aboard=officers_aboard,
        always=tuple(settings.always.get(vehicle, 0) for vehicle in VEHICLES),
    )


def _by_vehicle(settings: CrewSettings, vehicle: Vehicle) -> tuple[int, int]:
    """Give people and officers aboard; a vehicle that the study leaves out has the usual ones."""
    usual = CrewSettings.model_fields
    return (
        settings.aboard.get(vehicle, usual["aboard"].default[vehicle]),
        settings.officers_aboard.get(vehicle, usual["officers_aboard"].default[vehicle]),
    )
