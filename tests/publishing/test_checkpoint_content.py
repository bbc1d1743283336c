"""What a map may show of checkpoints, and how it is written for the page."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from optimizer.errors import InputError
from optimizer.publishing import MapCheckpoints, MapContent
from optimizer.publishing.checkpoint_payload import checkpoint_payload
from optimizer.publishing.map_payload import map_payload


def test_a_map_without_checkpoints_has_none_of_their_data(town: MapContent) -> None:
    page = map_payload(town)
    empty = page.pop("checkpoints")
    assert [key for key, value in empty.items() if value] == []
    assert "core" not in str(page)


def test_all_faults_are_told_at_once(checkpoints: MapCheckpoints) -> None:
    core, city = checkpoints.rings
    astray = replace(checkpoints.posts[0], ring="harbour", lon=-93.2, lat=244.9)
    with pytest.raises(InputError) as caught:
        MapCheckpoints(
            rings=(core, replace(city, name="core")), posts=(astray,), contain_minutes=(5,)
        )
    twice, lost, steps, place = caught.value.faults
    assert twice == "the map has 2 rings named 'core': give each ring a name of its own"
    assert lost.startswith("post 'core-01' belongs to the ring 'harbour', which the map does not")
    assert lost.endswith("use one of core")
    assert steps == "the map has 1 containment times but 0 shares: give one share for each time"
    assert place.startswith("post 'core-01' lies at longitude -93.2, latitude 244.9")


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("outer", "ring 'core' lies at"),
        ("leak", "a route of ring 'core' lies at"),
    ],
)
def test_every_line_of_a_ring_must_be_on_earth(
    checkpoints: MapCheckpoints, name: str, fault: str
) -> None:
    """Metres taken for degrees are the usual mistake."""
    metres = np.array([(478_000.0, 4_980_000.0), (478_100.0, 4_980_000.0)])
    value = ((metres,),) if name == "outer" else metres
    with pytest.raises(InputError, match=fault):
        MapCheckpoints(rings=(replace(checkpoints.rings[0], **{name: value}),))


def test_the_map_opens_on_posts_as_well_as_on_platforms(circled: MapContent) -> None:
    """The town's platforms and calls span latitude 0 to 0.012; the post core-01 lies at 0.014."""
    assert circled.bounds() == pytest.approx((0.0, 0.0, 0.015, 0.014))


def test_what_is_unknown_is_absent_from_the_page(checkpoints: MapCheckpoints) -> None:
    data = checkpoint_payload(checkpoints)
    assert [post["minutes"] for post in data["posts"]] == [4.25, None, None, None]
    assert [net["minutes"] for net in data["nets"]] == [6.5, None]
    assert [ring["share"] for ring in data["rings"]] == [None, 0.71]
    assert data["steps"] == [[5, 0.0], [10, 0.6]]
