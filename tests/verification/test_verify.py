"""A certificate made by hand, without the program that writes them, and every way to forge it.

Riverside: S0 covers D0 D1 (5 + 4), S1 covers D1 D2 (4 + 6), S2 covers D2 D3 (6 + 3), S3 covers D1
alone; two of them open. S3 lies within S0 and is taken out. Whole numbers are written in thirds of
a unit of weight here, and as multiples of 65535 in the file.

Root: prices 5 0 6 3 and 6 for a site: r = -1, 0, 3, U = 4 + 12 + 3 = 19, so that no plan with S0
covers more than 18 (S0 could be closed, S2 opened). It is split: at most one of S0 and S2, or both.
Node 1: prices 5, 4/3, 2, 3; 10/3 for a site, 3 for the branch: r1 = 0, r2 = -4/3,
U = 20/3 + 20/3 + 3 = 16 1/3. Node 2: no prices at all, U = 18.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from optimizer.errors import InputError
from optimizer.verification import verify_certificate

FULL = 65535
THIRD = FULL // 3
Content = dict[str, Any]
Forge = Callable[[Content], None]


def whole(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def riverside() -> Content:
    """The certificate: arrays by name, and the document."""
    return {
        "document": {
            "format": "optimizer-certificate", "version": 1, "model": "mclp", "objective": 18.0,
            "bound": 18.0, "scale_bits": 0, "max_moves": None, "region_names": ["all"],
            "sites": ["S0", "S2"], "site_ids": ["S0", "S1", "S2", "S3"],
            "demand_ids": ["D0", "D1", "D2", "D3"],
        },
        "indptr": whole(0, 2, 4, 6, 7),
        "demand": np.array([0, 1, 1, 2, 2, 3, 1], dtype=np.int32),
        "weight": np.array([5.0, 4, 6, 3]),
        "region": np.zeros(4, dtype=np.int32),
        "budgets": whole(2),
        "keep": np.zeros(4, dtype=np.bool_),
        "forbidden": np.zeros(4, dtype=np.bool_),
        "previous": np.zeros(4, dtype=np.bool_),
        "plan": whole(0, 2),
        "group": np.array([0, 1, 2, 3], dtype=np.int32),
        "branch_node": whole(0),
        "branch_most": whole(1),
        "branch_sites_start": whole(0, 2),
        "branch_sites": whole(0, 2),
        "step_is_bound": np.array([False, True, True, True]),
        "step_node": whole(0, 0, 1, 2),
        "removed_sites_start": whole(0, 1),
        "removed_sites": whole(3),
        "removed_by": whole(0),
        "prices": np.array(
            [[FULL, 0, FULL, FULL], [FULL, THIRD, THIRD, FULL], [0, 0, 0, 0]], dtype=np.uint16
        ),
        "budget_prices": np.array([[6 * FULL], [10 * THIRD], [0]], dtype=np.int64),
        "moves_price": whole(0, 0, 0),
        "price_branch_start": whole(0, 0, 1, 1),
        "price_branch": whole(1),
        "branch_price": whole(3 * FULL),
        "closed_sites_start": whole(0, 1, 1, 1),
        "closed_sites": whole(0),
        "opened_sites_start": whole(0, 1, 1, 1),
        "opened_sites": whole(2),
    }  # fmt: skip


def written(folder: Path, content: Content, **more: bytes) -> Path:
    path = folder / "riverside.certificate"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("certificate.json", json.dumps(content["document"]))
        for name, array in content.items():
            if name != "document":
                file = io.BytesIO()
                np.lib.format.write_array(file, array, allow_pickle=False)
                archive.writestr(f"{name}.npy", file.getvalue())
        for name, data in more.items():
            archive.writestr(f"{name}.npy", data)
    return path


def test_riverside_holds(tmp_path):
    verdict = verify_certificate(written(tmp_path, riverside()))
    assert verdict.fault is None
    assert (verdict.model, verdict.objective, verdict.bound) == ("mclp", 18, 18)
    assert verdict.sites == ("S0", "S2")


def document(**changes: object) -> Forge:
    return lambda content: content["document"].update(changes)


def entry(name: str, where: object, value: object) -> Forge:
    """Change one entry of an array."""

    def forge(content: Content) -> None:
        content[name] = content[name].copy()
        content[name][where] = value

    return forge


def array(name: str, values: object) -> Forge:
    """Put another array in the place of one."""
    return lambda content: content.update({name: np.asarray(values, content[name].dtype)})


def both(*forges: Forge) -> Forge:
    def forge(content: Content) -> None:
        for one in forges:
            one(content)

    return forge


def without_the_last_evaluation(content: Content) -> None:
    """Node 2 keeps no bound of its own, and the root's is not enough."""
    for name in ("step_is_bound", "step_node", "prices", "budget_prices", "moves_price"):
        content[name] = content[name][:-1]
    for name in ("price_branch", "closed_sites", "opened_sites"):
        content[f"{name}_start"] = content[f"{name}_start"][:-1]


def with_node_1_split_again(content: Content) -> None:
    """Node 1 is split into 3 and 4, which nothing bounds but node 1 itself: still fine."""
    content["branch_node"] = whole(0, 1)
    content["branch_most"] = whole(1, 0)
    content["branch_sites_start"] = whole(0, 2, 3)
    content["branch_sites"] = whole(0, 2, 1)


def test_a_bound_holds_for_the_nodes_below(tmp_path):
    content = riverside()
    with_node_1_split_again(content)
    assert verify_certificate(written(tmp_path, content)).holds


FORGERIES: list[tuple[Forge, str]] = [
    # the plan and its objective
    (document(objective=17.0), "the plan covers 18, not 17 as claimed"),
    (entry("weight", 0, 6.0), "the plan covers 19, not 18 as claimed"),
    (document(sites=["S0", "S1"]), "the ids of the plan's sites are not those of its numbers"),
    (
        both(array("plan", [0]), document(sites=["S0"])),
        "the plan opens 1 sites in region 'all', not 2",
    ),
    (array("plan", [0, 0]), "the plan names a site twice, or one outside 0..3"),
    (array("plan", [0, 9]), "the plan names a site twice, or one outside 0..3"),
    (entry("keep", 1, True), "the plan closes the kept site 'S1'"),
    (entry("forbidden", 2, True), "the plan opens the forbidden site 'S2'"),
    (
        both(entry("previous", [1, 3], True), document(max_moves=1)),
        "the plan moves more previous sites than the 1 that may move",
    ),
    # the bound
    (document(bound=17.0), "the plan covers 18, more than the bound 17"),
    (
        both(document(bound=15, objective=9.0, sites=["S0", "S3"]), array("plan", [0, 3])),
        "evaluation 0 at node 0: site 'S0' is not proven closed: a plan against it may cover 18",
    ),
    (
        both(entry("weight", 2, 16.0), document(objective=28.0, bound=28.0)),
        "evaluation 0 at node 0: site 'S0' is not proven closed: a plan against it may cover 38",
    ),
    # prices
    (
        entry("prices", (2, 2), FULL),
        "leaf 2 may hold a plan that covers 19, more than the bound 18",
    ),
    (entry("branch_price", 0, -1), "evaluation 1 at node 1: a price is below zero"),
    (entry("budget_prices", (0, 0), -5), "evaluation 0 at node 0: a price is below zero"),
    (
        entry("budget_prices", (0, 0), 2**62),
        "evaluation 0 at node 0: its prices are too large to be added up safely",
    ),
    (
        entry("price_branch", 0, 2),
        "evaluation 1 at node 1: it prices a branch twice, or one that is not on the path",
    ),
    (
        both(entry("budget_prices", (0, 0), 2**62 - 1), document(bound=19.0)),
        "evaluation 0 at node 0: site 'S0' is not proven closed",
    ),
    # fixing
    (
        entry("closed_sites", 0, 1),
        "evaluation 0 at node 0: site 'S1' is not proven closed: a plan against it may cover 19",
    ),
    (
        entry("opened_sites", 0, 1),
        "evaluation 0 at node 0: site 'S1' is not proven open: a plan against it may cover 19",
    ),
    (entry("closed_sites", 0, 3), "evaluation 0 at node 0: it fixes a site that is fixed already"),
    (entry("closed_sites", 0, 7), "evaluation 0 at node 0: it fixes a site that does not exist"),
    # sites taken out
    (
        entry("removed_sites", 0, 1),
        "removal 0 at node 0: site 'S1' covers 1 demand points that 'S0' does not",
    ),
    (entry("removed_by", 0, -1), "removal 0 at node 0: site 'S3' still covers 1 demand points"),
    (entry("removed_by", 0, 3), "removal 0 at node 0: what replaces site 'S3' is closed or taken"),
    (
        entry("keep", 3, True),
        "the plan closes the kept site 'S3'",
    ),
    (
        both(entry("previous", [0, 3], True), document(max_moves=1)),
        "removal 0 at node 0: previous site 'S3' may be needed to keep max_moves",
    ),
    (
        both(array("region", [0, 1, 0, 1]), array("budgets", [2, 0]),
             document(region_names=["a", "b"]),
             array("budget_prices", [[0, 0]] * 3)),
        "removal 0 at node 0: site 'S3' lies in another region than the one",
    ),
    # the tree
    (without_the_last_evaluation, "leaf 2 may hold a plan that covers 19, more than the bound 18"),
    (
        both(array("step_is_bound", [False]), array("step_node", [0]),
             array("prices", np.zeros((0, 4))), array("budget_prices", np.zeros((0, 1))),
             array("moves_price", []), array("branch_price", []),
             *(both(array(name, []), array(f"{name}_start", [0]))
               for name in ("price_branch", "closed_sites", "opened_sites"))),
        "nothing bounds leaf 1",
    ),
    (array("branch_node", [1]), "branch 0 splits node 1, which does not exist at that time"),
    (array("branch_most", [2]), "branch 0 limits 2 sites to 2"),
    (array("branch_sites", [0, 0]), "branch 0 names a site twice, or one that does not exist"),
    (
        both(with_node_1_split_again, array("branch_node", [0, 0])),
        "branch 1 splits node 0, which is split already",
    ),
    (array("step_node", [0, 0, 1, 3]), "a step lies at a node that does not exist"),
    (array("step_is_bound", [True, True, True, True]), "removed_sites is not divided into 0 rows"),
    # the problem
    (document(model="pmedian"), "model 'pmedian' is not one that certificates are known for"),
    (entry("weight", 0, -1.0), "a demand weight is negative or no number"),
    (entry("weight", 0, np.nan), "a demand weight is negative or no number"),
    (entry("demand", 0, 4), "the reach names a demand point outside 0..3"),
    (array("demand", [1, 1, 1, 2, 2, 3, 1]), "the demand points of a site are not in ascending"),
    (array("indptr", [0, 2, 4, 6]), "indptr does not divide the reach into one row for each site"),
    (document(site_ids=["S0", "S1", "S2", "S2"]), "two sites or two demand points have the same"),
    (document(demand_ids=["D0"]), "weight has 4 entries for 1 demand points"),
    (array("region", [0, 0, 0, 1]), "a site lies in a region outside 0..0"),
    (array("budgets", [-2]), "the budgets are not one number from 0 for each named region"),
    (array("keep", [False]), "keep has 1 entries for 4 sites"),
    (document(max_moves=-1), "max_moves is -1"),
    (document(scale_bits=60), "the weights do not fit 45 bits at scale_bits = 60"),
    (entry("group", 0, 4), "the prices do not fit the evaluations and groups"),
]  # fmt: skip


@pytest.mark.parametrize(("forge", "sentence"), FORGERIES, ids=[f[1][:60] for f in FORGERIES])
def test_every_forgery_is_refused_with_its_sentence(forge, sentence, tmp_path):
    content = riverside()
    forge(content)
    verdict = verify_certificate(written(tmp_path, content))
    assert not verdict.holds
    assert verdict.fault.startswith(sentence)


def test_twins_cannot_be_taken_out_above_and_below(tmp_path):
    """S1 for S0's sake below, then S0 for S1's above: together nobody would be left."""
    content = riverside()
    content["demand"] = np.array([0, 1, 0, 1, 2, 3, 1], dtype=np.int32)
    content["document"]["bound"] = 18.0
    content.update(
        step_is_bound=np.array([False, False]), step_node=whole(2, 0),
        removed_sites_start=whole(0, 1, 2), removed_sites=whole(1, 0), removed_by=whole(3, 1),
        prices=np.zeros((0, 4), dtype=np.uint16), budget_prices=np.zeros((0, 1), dtype=np.int64),
        moves_price=whole(), branch_price=whole(), branch_sites=whole(2, 3),
    )  # fmt: skip
    for name in ("price_branch", "closed_sites", "opened_sites"):
        content.update({name: whole(), f"{name}_start": whole(0)})
    content["removed_by"][0] = 0
    verdict = verify_certificate(written(tmp_path, content))
    assert verdict.fault == "removal 1 at node 0 comes after one below that node"


UNREADABLE: list[tuple[Callable[[Path], Path], str]] = [
    (lambda folder: folder / "nowhere", "there is no such file"),
    (lambda folder: _with_bytes(folder, b"no zip"), "this is no whole certificate"),
    (lambda folder: _cut(written(folder, riverside())), "this is no whole certificate"),
    (lambda folder: _damaged(written(folder, riverside())), "this is no whole certificate"),
    (
        lambda folder: written(folder, {k: v for k, v in riverside().items() if k != "demand"}),
        "demand.npy is missing",
    ),
    (lambda folder: written(folder, riverside() | {"more": whole(1)}), "that no certificate has"),
    (
        lambda folder: written(folder, riverside() | {"weight": whole(5, 4, 6, 3)}),
        "weight is not an array of <f8 with 1 dimension(s)",
    ),
    (
        lambda folder: written(
            folder, {k: v for k, v in riverside().items() if k != "plan"}, plan=_pickled()
        ),
        "plan is not an array of <i8",
    ),
    (
        lambda folder: written(
            folder, {k: v for k, v in riverside().items() if k != "plan"}, plan=_much_too_large()
        ),
        "plan does not have the size that it states",
    ),
    (lambda folder: _documented(folder, bound="18"), "bound is '18'"),
    (lambda folder: _documented(folder, bound=float("nan")), "NaN is no number"),
    (lambda folder: _documented(folder, bound=10**400), "bound is beyond"),
    (lambda folder: _documented(folder, objective=True), "objective is True"),
    (lambda folder: _documented(folder, version=2), "version 2 is not 1"),
    (lambda folder: _documented(folder, format="zip"), "does not say"),
    (lambda folder: _documented(folder, site_ids=[1, 2, 3, 4]), "site_ids holds something"),
    (lambda folder: _documented(folder, scale_bits=10**6), "scale_bits = 1000000 is beyond"),
]


@pytest.mark.parametrize(("make", "sentence"), UNREADABLE, ids=[u[1] for u in UNREADABLE])
def test_what_is_no_certificate_is_bad_input(make, sentence, tmp_path):
    with pytest.raises(InputError) as error:
        verify_certificate(make(tmp_path))
    assert sentence in str(error.value)


def test_a_zip_bomb_is_not_unpacked(tmp_path):
    """A member that states four gigabytes is refused before it is read."""
    path = tmp_path / "bomb"
    written(tmp_path, riverside()).rename(path)
    with zipfile.ZipFile(path) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    content = bytearray(path.read_bytes())
    at = content.rindex(b"weight.npy") - 46
    assert content[at : at + 4] == b"PK\x01\x02"
    content[at + 24 : at + 28] = (2**32 - 2).to_bytes(4, "little")
    path.write_bytes(bytes(content))
    with pytest.raises(InputError, match=r"does not have the size|bytes, more than"):
        verify_certificate(path)


def _with_bytes(folder: Path, content: bytes) -> Path:
    path = folder / "some"
    path.write_bytes(content)
    return path


def _cut(path: Path) -> Path:
    path.write_bytes(path.read_bytes()[:-100])
    return path


def _damaged(path: Path) -> Path:
    """The first bytes of the weights are other ones: the check sum tells."""
    content = path.read_bytes()
    path.write_bytes(content.replace(np.array([5.0, 4]).tobytes(), np.array([6.0, 4]).tobytes()))
    return path


def _pickled() -> bytes:
    file = io.BytesIO()
    np.lib.format.write_array(file, np.array([{}], dtype=object), allow_pickle=True)
    return file.getvalue()


def _much_too_large() -> bytes:
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        file, {"descr": "<i8", "fortran_order": False, "shape": (2**60,)}
    )
    return file.getvalue()


def _documented(folder: Path, **changes: object) -> Path:
    content = riverside()
    content["document"].update(changes)
    return written(folder, content)
