"""Village posts: who comes to back them up, and how soon."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optimizer.deployment import VillagePlan, VillagePost
from optimizer.evaluation import Platform, in_time
from optimizer.places import unproject
from optimizer.planning.inputs import CityInputs
from optimizer.roads import nearest_source
from optimizer.study import Study


def plan_villages(
    study: Study, inputs: CityInputs, platforms: Sequence[Platform]
) -> VillagePlan | None:
    """Find the platform that backs up each village soonest; None without [villages].

    Back-up takes the turnout and the way over the roads; the straight way from the road node to the
    village is told, not timed.
    """
    settings, villages = study.settings.villages, inputs.duty.villages
    if settings is None or villages is None:
        return None
    network, zones = inputs.network, inputs.zones
    nearest = nearest_source(network, np.array([one.node for one in platforms], np.int32))
    node = villages["node"].to_numpy(np.int32)
    backup_s = nearest.travel_s[node] + study.settings.standards.turnout_seconds
    late = ~in_time(backup_s, 60 * settings.within_minutes)
    x_m, y_m = villages.geometry.x.to_numpy(), villages.geometry.y.to_numpy()
    lon, lat = unproject(x_m, y_m, network.crs)
    district = zones.assign(x_m, y_m).district
    posts = tuple(
        VillagePost(
            village_id=village_id,
            name=name,
            node=int(node[row]),
            lon=float(lon[row]),
            lat=float(lat[row]),
            x_m=float(x_m[row]),
            y_m=float(y_m[row]),
            district=zones.district_names[district[row]],
            way_m=way_m,
            backup_platform=platforms[nearest.source[node[row]]].platform_id,
            backup_s=float(backup_s[row]),
            late=bool(late[row]),
        )
        for row, (village_id, name, way_m) in enumerate(
            zip(villages["place_id"], villages["name"], villages["way_m"].tolist(), strict=True)
        )
    )
    return VillagePlan(posts, dict(settings.crew), settings.within_minutes)
