"""Whether [crew] can be meant, and whether the study knows the names it uses."""

from __future__ import annotations

from optimizer.demand import Zones
from optimizer.deployment.crews import crew_faults
from optimizer.deployment.shifts_of_duty import DutyShifts
from optimizer.deployment.work_rules import WorkRules
from optimizer.planning.duty_inputs.categories import category_faults
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
    faults.add(crew_faults(crew, zones.district_names))
    if source is not None:
        faults.add(
            category_faults(
                "[crew] handling", crew.handling, study, source,
                instead="write handling_minutes instead",
            )
        )  # fmt: skip
    faults.raise_any()
    return present(shifts), present(rules)
