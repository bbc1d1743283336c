"""``optimizer solve``: bare location models on tables of demand and sites."""

from __future__ import annotations

import logging
import math
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from optimizer.cli import figures, options
from optimizer.errors import InputError, SolverError

if TYPE_CHECKING:
    from optimizer.instances import Needs
    from optimizer.siting import Model, SitingSolution

MODELS = ("mclp", "lscp", "backup", "mexclp", "pmedian", "pcenter")
OF_ONE_MODEL = {
    "busy": "mexclp",
    "units_per_site": "mexclp",
    "kind": "backup",
    "first_share": "backup",
    "certificate": "mclp",
}
FILE = click.Path(path_type=Path, dir_okay=False)


def _instance(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say what the instance is."""
    for option in (
        click.option("--strict", is_flag=True, help="A point exactly at the limit is not covered."),
        click.option("-p", "count", type=int, metavar="N", help="Number of sites (mexclp: units)."),
        click.option(
            "--standard", type=float, metavar="S", help="Longest way in seconds, with --times."
        ),
        click.option("--times", type=FILE, help="Ways: a table site,demand,travel_s."),
        click.option(
            "--radius", type=float, metavar="R",
            help="Longest straight line, in the units of x and y.",
        ),
        click.option("--sites", type=FILE, help="Sites: a table id,x,y[,fixed]; 1 opens, 0 not."),
        click.option("--demand", type=FILE, help="Demand: a table id,x,y,weight."),
    ):  # fmt: skip
        command = option(command)
    return command


def _parameters(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that only one model has."""
    for option in (
        click.option("--first-share", type=float, help="backup: share of the first cover. [0.5]"),
        click.option(
            "--kind", type=click.Choice(["bacop1", "bacop2"]),
            help="backup: everybody once and most twice, or a sum of both. [bacop2]",
        ),
        click.option("--units-per-site", type=int, help="mexclp: most units at a site. [any]"),
        click.option("--busy", type=float, help="mexclp: share of its time that a unit is out."),
    ):  # fmt: skip
        command = option(command)
    return command


def _effort(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say when to stop."""
    for option in (
        click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True),
        click.option(
            "--time-limit", type=click.FloatRange(min=0, min_open=True), default=120.0,
            show_default=True, help="Seconds after which the best plan so far is given.",
        ),
        click.option(
            "--gap", type=click.FloatRange(min=0, max=1, max_open=True), default=0.0,
            show_default=True, help="Relative gap between plan and bound at which to stop.",
        ),
    ):  # fmt: skip
        command = option(command)
    return command


@click.command()
@click.argument("model", required=False, type=click.Choice(MODELS))
@_instance
@_parameters
@_effort
@click.option(
    "--json", "json_file", type=figures.FILE,
    help="Also write the result to this file; - is stdout, without the text.",
)  # fmt: skip
@click.option("--certificate", type=FILE, help="mclp: write a proof that --verify can check.")
@click.option("--verify", type=FILE, help="Check a certificate instead; needs nothing else.")
@options.overwrite
@options.verbosity
def solve(model: str | None, verify: Path | None, **asked: Any) -> None:
    r"""Solve a bare location MODEL and prove how good the plan is.

    \b
    mclp     cover most weight with N sites       pmedian  least weighted sum of ways
    lscp     cover everybody with fewest sites    pcenter  least longest way
    backup   cover most weight twice              mexclp   expect a free unit for most weight

    pmedian and pcenter measure straight lines where --times is left out; a limit is then optional.

    \b
    Example:
      optimizer solve mclp --demand demand.csv --sites sites.csv --radius 800 -p 5
      optimizer solve pmedian --demand demand.csv --sites sites.csv --times ways.parquet -p 10
      optimizer solve mclp --demand demand.csv --sites sites.csv --radius 800 -p 5 --certificate proof
      optimizer solve --verify proof
    """  # noqa: E501
    if verify is not None:
        _verify(model, verify)
    elif model is None:
        raise InputError(f"MODEL is missing: give one of {', '.join(MODELS)}, or --verify FILE")
    else:
        _solve(model, asked)


def _verify(model: str | None, path: Path) -> None:
    from optimizer.verification import verify_certificate

    if model is not None:
        raise InputError(f"--verify checks a certificate and solves nothing: leave out {model!r}")
    verdict = verify_certificate(path)
    if not verdict.holds:
        click.echo(f"{path} does not hold: {verdict.fault}.")
        raise click.exceptions.Exit(1)
    click.echo(
        f"{path} holds: these {len(verdict.sites)} sites cover {verdict.objective:.15g}, "
        f"and no plan covers more than {verdict.bound:.15g}."
    )
    click.echo(f"sites: {', '.join(verdict.sites)}")


def _solve(word: str, asked: dict[str, Any]) -> None:
    from optimizer.instances import InstanceFiles, read_instance
    from optimizer.siting import solve as find_plan

    model = _model(word, asked)
    paths = ("demand", "sites", "times", "radius", "standard", "strict")
    files = InstanceFiles(**{name: asked[name] for name in paths})
    problem = read_instance(files, _needs(word, asked), _faults(word, asked))
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / "certificate"
        solution = find_plan(
            problem,
            model,
            gap=asked["gap"],
            time_limit_s=asked["time_limit"],
            seed=asked["seed"],
            progress=logging.getLogger("optimizer").info,
            certificate=None if asked["certificate"] is None else trial,
        )
        overwrite = asked["overwrite"]
        figures.tell(
            asked["json_file"], _document(solution), partial(_text, solution), overwrite=overwrite
        )
        if asked["certificate"] is not None:
            _keep_certificate(trial, asked["certificate"], overwrite=overwrite)
    solution.require_end()


def _keep_certificate(trial: Path, path: Path, *, overwrite: bool) -> None:
    """Check a certificate as a stranger would, and put it where it was asked for."""
    from optimizer.archive import write_file
    from optimizer.verification import verify_certificate

    verdict = verify_certificate(trial)
    if not verdict.holds:
        raise SolverError(f"No certificate is written, as it would not hold: {verdict.fault}.")
    write_file(path, trial.read_bytes(), overwrite=overwrite)


def _faults(word: str, asked: dict[str, Any]) -> list[str]:
    """Name what is wrong with the options before any table is read."""
    faults = [
        f"--{option.replace('_', '-')} is for {owner}, not for {word}: leave it out"
        for option, owner in OF_ONE_MODEL.items()
        if asked[option] is not None and word != owner
    ]
    if word == "mexclp" and asked["busy"] is None:
        faults.append("mexclp needs --busy: give the share of its time that a unit is out")
    if word != "lscp" and asked["count"] is None:
        faults.append("-p is missing: give the number of sites to open")
    faults += [
        f"{path} is already there; give --overwrite to replace it"
        for path in (asked["json_file"], asked["certificate"])
        if path not in (None, figures.STDOUT) and path.exists() and not asked["overwrite"]
    ]
    return faults


def _needs(word: str, asked: dict[str, Any]) -> Needs:
    from optimizer.instances import Needs

    lengths = word in {"pmedian", "pcenter"}
    return Needs(
        limit=not lengths,
        lengths=lengths,
        count=None if word == "lscp" else asked["count"],
        units_per_site=asked["units_per_site"] if word == "mexclp" else 1,
    )


def _model(word: str, asked: dict[str, Any]) -> Model:
    """Make the model that the word and the parameters name."""
    from optimizer import siting

    given = {name: asked[name] for name in OF_ONE_MODEL if asked[name] is not None}
    match word:
        case "lscp":
            return siting.SetCovering()
        case "backup":
            return siting.BackupCovering(
                kind=given.get("kind", "bacop2"), first_share=given.get("first_share", 0.5)
            )
        case "mexclp":
            return siting.ExpectedCovering(given.get("busy", 0.0), given.get("units_per_site"))
        case "pmedian":
            return siting.PMedian()
        case "pcenter":
            return siting.PCenter()
        case _:
            return siting.MaximalCovering()


def _document(solution: SitingSolution) -> dict[str, Any]:
    """Write the result for scripts; a bound that is not known is null."""
    problem = solution.problem
    document = {
        "model": solution.model.name,
        "status": solution.status,
        "objective": solution.objective,
        "bound": _known(solution.bound),
        "gap": _known(solution.gap),
        "sites": [problem.site_ids[i] for i in solution.sites],
        "seconds": round(solution.seconds, 3),
        "solver": solution.solver,
        "seed": solution.seed,
        "demand_weight": problem.total_weight,
    }
    if not len(problem.travel_s):
        document["covered_weight"] = solution.covered_weight()
        document["covered_share"] = solution.covered_share()
    return document


def _known(number: float) -> float | None:
    return number if math.isfinite(number) else None


def _text(solution: SitingSolution) -> str:
    """Write the result for people."""
    problem = solution.problem
    names = [str(problem.site_ids[i]) for i in solution.sites]
    lines = [
        f"{solution.model.name}: {solution.objective:.10g}, {solution.status}, {_proof(solution)}",
        f"{len(names)} {'site' if len(names) == 1 else 'sites'}: {', '.join(names)}",
    ]
    if not len(problem.travel_s):
        covered, share = solution.covered_weight(), 100 * solution.covered_share()
        lines.append(f"covered: {covered:.10g} of {problem.total_weight:.10g} ({share:.2f} %)")
    elif solution.model.name == "pmedian":
        lines.append(f"mean: {solution.objective / problem.total_weight:.6g}")
    lines.append(f"{solution.seconds:.2f} s, seed {solution.seed}, {solution.solver}")
    return "\n".join(lines)


def _proof(solution: SitingSolution) -> str:
    if not math.isfinite(solution.bound):
        return "nothing proven yet"
    side = "most" if solution.model.sense == "max" else "least"
    known = f"proven to be at {side} {solution.bound:.10g}"
    return f"{known} (gap {100 * solution.gap:.4g} %)" if math.isfinite(solution.gap) else known
