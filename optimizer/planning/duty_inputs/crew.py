"""Whether [crew] can be meant, and whether the study knows the names it uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from optimizer.calls import Calls
from optimizer.calls.publishable import common_categories
from optimizer.demand import Zones
from optimizer.deployment.crews import crew_faults
from optimizer.deployment.shifts_of_duty import DutyShifts
from optimizer.deployment.work_rules import WorkRules
from optimizer.errors import InputError
from optimizer.places import nearest
from optimizer.planning.faults import Faults, present
from optimizer.planning.source import Source
from optimizer.study import Study


def check_crew(study: Study, zones: Zones, source: Source | None) -> tuple[DutyShifts, WorkRules]:
    """Check [crew] against the rest of the study.

    Parameters
    ----------
    source
        Whose categories are asked for; None: it could not be read.

    Returns
    -------
    The shifts of duty, and what one person may work in them.

    Raises
    ------
    InputError
        All faults of the section.
    """
    crew, faults = study.settings.crew, Faults()
    shifts = faults.of(lambda: DutyShifts.from_settings(crew, study.settings.demand))
    rules = None
    if shifts is not None:
        rules = faults.of(lambda: WorkRules.from_settings(crew, present(shifts)))
    faults.of(lambda: _raise(crew_faults(crew, zones.district_names)))
    if source is not None:
        faults.of(lambda: _raise(_category_faults(study, source)))
    faults.raise_any()
    return present(shifts), present(rules)


def _raise(sentences: Iterable[str]) -> None:
    found = list(sentences)
    if found:
        raise InputError(found)


def _category_faults(study: Study, source: Source) -> Iterator[str]:
    """Tell which categories no call has; only names that enough calls bear are printed."""
    handling, calls = study.settings.crew.handling, source.places
    if not isinstance(calls, Calls):
        if handling:
            yield (
                "[crew] handling: the study gives counts, which have no categories; write "
                "handling_minutes instead"
            )
        return
    excluded = study.settings.calls.exclude if study.settings.calls is not None else ()
    later = source.later.categories if source.later is not None else ()
    known = {*calls.categories, *later, *excluded}
    for name in handling:
        if name not in known:
            close = nearest(name, common_categories(calls))
            advice = f'did you mean "{close}"?' if close else "check its spelling"
            yield f'[crew] handling: no call has the category "{name}"; {advice}'
