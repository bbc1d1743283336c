"""Whether the calls have the categories that the sections on duty name."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from optimizer.calls import Calls
from optimizer.calls.publishable import common_categories
from optimizer.places import nearest
from optimizer.planning.source import Source
from optimizer.study import Study


def category_faults(
    key: str, names: Collection[str], study: Study, source: Source, *, instead: str
) -> Iterator[str]:
    """Tell which categories no call has; only names that enough calls bear are printed.

    Parameters
    ----------
    key
        Section and key that use the names, as a sentence begins with it.
    instead
        What to do where there are counts, which have no categories.
    """
    calls = source.places
    if not isinstance(calls, Calls):
        if names:
            yield f"{key}: the study gives counts, which have no categories; {instead}"
        return
    excluded = study.settings.calls.exclude if study.settings.calls is not None else ()
    later = source.later.categories if source.later is not None else ()
    known = {*calls.categories, *later, *excluded}
    for name in names:
        if name not in known:
            close = nearest(name, common_categories(calls))
            advice = f'did you mean "{close}"?' if close else "check its spelling"
            yield f'{key}: no call has the category "{name}"; {advice}'
