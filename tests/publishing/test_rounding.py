"""A share is rounded once, so that the map and the report print the same figure."""

from __future__ import annotations

from dataclasses import replace

from optimizer.publishing import MapContent
from optimizer.publishing.map_payload import map_payload


def test_the_page_gets_more_digits_than_it_prints(town: MapContent) -> None:
    """99.2469 % is 99.2 %; by way of 99.25 % it would become 99.3 %."""
    assert f"{100 * map_payload(replace(town, covered_share=0.992469))['share']:.1f}" == "99.2"
