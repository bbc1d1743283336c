"""What units are called: by platform, kind of vehicle and number."""

from __future__ import annotations

from optimizer.deployment.settings import Vehicle

_SHORT: dict[Vehicle, str] = {
    "command_vehicle": "command",
    "response_car": "car",
    "motorcycle": "moto",
}


def unit_name(platform_id: str, vehicle: Vehicle, number: int) -> str:
    """Name a unit, such as "P01-car1"; rosters and patrols mean the same one by it."""
    return f"{platform_id}-{_SHORT[vehicle]}{number}"


def spare_name(platform_id: str) -> str:
    """Name those on duty for whom no seat is left, such as "P01-spare"."""
    return f"{platform_id}-spare"
