"""One thing is one thing, and any other number several."""

from optimizer.siting.wording import counted


def test_numbers_of_things():
    assert [counted(n, "site") for n in (0, 1, 2)] == ["0 sites", "1 site", "2 sites"]
