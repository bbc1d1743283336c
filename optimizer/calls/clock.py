"""Which clock the stamps of a file follow, and the local time they mean."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from optimizer.calls.stamps import Stamps

Offsets = Literal["auto", "honour", "ignore"]

_SMALL_HOURS = (2, 3, 4, 5)
_EVIDENCE_ROWS = 500
_MIDNIGHT_SHARE = 0.05
_MIDNIGHT_ROWS = 100


def local_time(
    stamps: Stamps, timezone: str | None, offsets: Offsets, file: str
) -> tuple[NDArray[np.datetime64], NDArray[np.bool_], tuple[str, ...]]:
    """Turn stamps into local wall-clock time.

    From UTC to a zone every instant has exactly one wall-clock time, so clock changes cannot lose
    a call; the way back, which is ambiguous once a year, is never taken.

    Parameters
    ----------
    stamps
        As written.
    timezone
        Of the city; None leaves every stamp as written.
    offsets
        What a stamp's own offset means.
    file
        Name, for warnings.

    Returns
    -------
    tuple
        datetime64[m][n], NaT where unknown; bool[n] more than the day is known; warnings.
    """
    has_time, warnings = _without_midnights(stamps, file)
    zoned = stamps.zoned & has_time
    time = stamps.minute.copy()
    if offsets == "ignore" or not zoned.any():
        return _days_at_midnight(time, has_time), has_time, warnings
    if timezone is None:
        sentence = (
            f"{file}: {int(zoned.sum())} stamps say their offset from UTC but the study has no "
            "timezone; they were read as local time, set timezone to convert them"
        )
        warnings = (*warnings, sentence)
        return _days_at_midnight(time, has_time), has_time, warnings
    converted = _convert(stamps.minute[zoned], stamps.offset_minutes[zoned], timezone)
    if offsets == "auto":
        kept, reason = _as_written(stamps.zulu[zoned], time[zoned], converted, file)
        converted = np.where(kept, time[zoned], converted)
        warnings += reason
    time[zoned] = converted
    return _days_at_midnight(time, has_time), has_time, warnings


def _convert(
    minute: NDArray[np.datetime64], offset_minutes: NDArray[np.int16], timezone: str
) -> NDArray[np.datetime64]:
    utc = minute - offset_minutes.astype("m8[m]")
    instants = pa.array(utc.astype("M8[s]")).cast(pa.timestamp("s", tz="UTC"))
    local = pc.local_timestamp(instants.cast(pa.timestamp("s", tz=timezone)))
    return np.asarray(local.to_numpy(zero_copy_only=False)).astype("M8[m]")


def _as_written(
    zulu: NDArray[np.bool_],
    written: NDArray[np.datetime64],
    converted: NDArray[np.datetime64],
    file: str,
) -> tuple[NDArray[np.bool_], tuple[str, ...]]:
    """Keep stamps ending in Z as written if people then sleep at night and otherwise not.

    Calls for help are rarest in the small hours; the reading with fewer calls there is right. With
    too few stamps to tell, Z means what the standard says.
    """
    rows = int(zulu.sum())
    if rows < _EVIDENCE_ROWS:
        return np.zeros(len(zulu), bool), ()
    at_night_written = _share_at_night(written[zulu])
    at_night_converted = _share_at_night(converted[zulu])
    if at_night_converted <= at_night_written:
        return np.zeros(len(zulu), bool), ()
    sentence = (
        f'{file}: {rows} stamps end in "Z" (UTC) but are local time: of their calls '
        f"{at_night_written:.0%} fall between 02 and 06 h as written, {at_night_converted:.0%} if "
        'converted; they were read as written, set offsets = "honour" to convert them'
    )
    return zulu, (sentence,)


def _share_at_night(time: NDArray[np.datetime64]) -> float:
    hour = (time - time.astype("M8[D]")).astype(np.int64) // 60
    return float(np.isin(hour, _SMALL_HOURS).mean())


def _without_midnights(stamps: Stamps, file: str) -> tuple[NDArray[np.bool_], tuple[str, ...]]:
    """Take clocks of 00:00 for days without a time where far more of them stand than chance puts.

    Exports write a bare day as midnight; one call in 1,440 would fall on that minute.
    """
    midnight = stamps.has_time & (stamps.minute == stamps.minute.astype("M8[D]"))
    clocks, midnights = int(stamps.has_time.sum()), int(midnight.sum())
    if clocks < _MIDNIGHT_ROWS or midnights <= _MIDNIGHT_SHARE * clocks:
        return stamps.has_time.copy(), ()
    sentence = (
        f"{file}: {midnights} of {clocks} stamps stand at exactly 00:00; they were taken for days "
        "without a time and left out of shift statistics"
    )
    return stamps.has_time & ~midnight, (sentence,)


def _days_at_midnight(
    time: NDArray[np.datetime64], has_time: NDArray[np.bool_]
) -> NDArray[np.datetime64]:
    return np.where(has_time, time, time.astype("M8[D]").astype("M8[m]"))
