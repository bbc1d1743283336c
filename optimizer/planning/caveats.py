"""What every reader of a plan must know, found from the data and the result."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.calls import Calls, officer_initiated
from optimizer.demand import OUTSIDE
from optimizer.places import is_local
from optimizer.plan import Caveat
from optimizer.planning.inputs import CityInputs
from optimizer.siting import SitingSolution
from optimizer.study import Study


def find_caveats(
    study: Study, inputs: CityInputs, solution: SitingSolution, *, is_tested: bool
) -> tuple[Caveat, ...]:
    """Gather the caveats of a plan, the most general first.

    Parameters
    ----------
    is_tested
        There were later calls to test the plan on.
    """
    turnout_s = study.settings.standards.turnout_seconds
    hopeless = [
        name
        for name, minutes in study.settings.standards.minutes.items()
        if 60 * minutes < turnout_s
    ]
    return (
        *(Caveat("hopeless_tier", {"tier": name}) for name in hopeless),
        Caveat("clock", {"turnout": f"{study.settings.standards.turnout_seconds:g}"}),
        Caveat("in_sample") if is_tested else Caveat("no_holdout"),
        *_of_siting(inputs, solution),
        *_of_calls(inputs),
        *_of_ground(inputs),
        *(Caveat("text", {"text": sentence}) for sentence in inputs.warnings),
    )


def _of_siting(inputs: CityInputs, solution: SitingSolution) -> Iterator[Caveat]:
    if solution.status != "optimal":
        yield Caveat("not_proved", {"gap": f"{100 * solution.gap:.2f}"})
    present, planned = len(inputs.existing), len(solution.sites)
    if present and present != planned:
        yield Caveat("other_count", {"present": present, "plan": planned})


def _of_calls(inputs: CityInputs) -> Iterator[Caveat]:
    calls, snap = inputs.source.places, inputs.demand.snap
    if isinstance(calls, Calls):
        date_only = int((~calls.has_time).sum())
        if date_only:
            yield Caveat("date_only", {"calls": date_only})
        own = officer_initiated(calls)
        if own:
            yield Caveat("officer_initiated", {"names": ", ".join(own)})
    yield Caveat("snap", {"median": f"{snap.median_m:.0f}", "p95": f"{snap.p95_m:.0f}"})
    if snap.too_far:
        yield Caveat("too_far", {"calls": snap.too_far, "limit": f"{snap.limit_m:g}"})


def _of_ground(inputs: CityInputs) -> Iterator[Caveat]:
    demand, network = inputs.demand, inputs.network
    if network.report.main_share < 1:
        yield Caveat("main_component", {"share": f"{100 * network.report.main_share:.1f}"})
    if OUTSIDE in demand.district_names:
        outside = demand.district == demand.district_names.index(OUTSIDE)
        share = float(demand.weight[outside].sum() / demand.weight.sum())
        if share > 0:
            yield Caveat("unzoned", {"share": f"{100 * share:.1f}"})
    if is_local(network.crs):
        yield Caveat("local_crs")
