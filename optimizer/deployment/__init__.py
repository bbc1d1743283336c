"""Who works where and when? Crews, rosters, patrols, patrol zones, points between platforms."""

from typing import TYPE_CHECKING

from optimizer.exports import on_first_use

if TYPE_CHECKING:
    from optimizer.deployment.duty_plan import (
        DutyPlan,
        PatrolZone,
        PlatformRoster,
        QuickResponsePlan,
        QuickResponsePoint,
        RosterRow,
        ShiftNeed,
        VillagePlan,
        VillagePost,
        ZonePlan,
    )
    from optimizer.deployment.patrol_plan import Beat, LeftOut, PatrolPlan, PatrolStop
    from optimizer.deployment.settings import (
        CrewSettings,
        PatrolSettings,
        PatrolZoneSettings,
        QuickResponseSettings,
        Vehicle,
        VillageSettings,
    )
    from optimizer.deployment.zone_problem import ZoneProblem
    from optimizer.deployment.zones import ZoneChoice, choose_zones
else:
    __getattr__, __dir__ = on_first_use(__name__)

__all__ = [
    "Beat",
    "CrewSettings",
    "DutyPlan",
    "LeftOut",
    "PatrolPlan",
    "PatrolSettings",
    "PatrolStop",
    "PatrolZone",
    "PatrolZoneSettings",
    "PlatformRoster",
    "QuickResponsePlan",
    "QuickResponsePoint",
    "QuickResponseSettings",
    "RosterRow",
    "ShiftNeed",
    "Vehicle",
    "VillagePlan",
    "VillagePost",
    "VillageSettings",
    "ZoneChoice",
    "ZonePlan",
    "ZoneProblem",
    "choose_zones",
]
