"""The part of a map's data block that tells of checkpoints."""

from __future__ import annotations

from typing import Any

from optimizer.publishing.checkpoint_content import MapCheckpoints, MapNet, MapPost, MapRing
from optimizer.publishing.page_values import at, line, number, shape
from optimizer.publishing.polyline import encode


def checkpoint_payload(content: MapCheckpoints) -> dict[str, Any]:
    """Return what the page's scripts read of checkpoints, empty where there are none."""
    return {
        "rings": [_ring(ring) for ring in content.rings],
        "posts": [_post(post) for post in content.posts],
        "nets": [_net(net) for net in content.nets],
        "steps": [
            [minutes, number(share)]
            for minutes, share in zip(
                content.contain_minutes, content.contained_shares, strict=True
            )
        ],
        "gates": [
            {"name": gate.name, "at": at(gate.lon, gate.lat), "proposed": gate.proposed}
            for gate in content.gates
        ],
        "blind": line(content.blind_route),
        "seen": number(content.seen_share),
        "standing": [
            {"name": unit.name, "at": at(unit.lon, unit.lat)} for unit in content.standing
        ],
    }


def _ring(ring: MapRing) -> dict[str, Any]:
    return {
        "name": ring.name,
        "inner": shape(ring.inner),
        "outer": shape(ring.outer),
        "posts": ring.checkpoints,
        "sealed": ring.sealed,
        "fewest": ring.fewest,
        "routes": encode(ring.routes),
        "leak": line(ring.leak),
        "share": number(ring.intercepted_share),
        "sealing": ring.sealing_posts,
        "beyond": number(ring.beyond_data_share),
    }


def _post(post: MapPost) -> dict[str, Any]:
    return {
        "id": post.post_id,
        "ring": post.ring,
        "kind": post.kind,
        "where": post.at,
        "at": at(post.lon, post.lat),
        "street": post.street,
        "unit": post.unit,
        "minutes": number(post.minutes, 2),
        "missing": post.missing,
    }


def _net(net: MapNet) -> dict[str, Any]:
    return {
        "rank": net.rank,
        "at": at(net.lon, net.lat),
        "minutes": number(net.minutes, 2),
        "leak": line(net.leak),
        "posts": [
            {
                "at": at(post.lon, post.lat),
                "street": post.street,
                "unit": post.unit,
                "minutes": number(post.minutes, 2),
                "evader": number(post.evader_minutes, 2),
            }
            for post in net.posts
        ],
    }
