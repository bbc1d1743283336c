"""study.toml: one frozen study, composed of every package's own settings."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails

from optimizer.calls import CallsSettings
from optimizer.checkpoints import CheckpointSettings
from optimizer.demand import DemandSettings, HotspotSettings, StandardsSettings, ZonesSettings
from optimizer.deployment import (
    CrewSettings,
    PatrolSettings,
    PatrolZoneSettings,
    QuickResponseSettings,
    VillageSettings,
)
from optimizer.districts import GridSettings
from optimizer.errors import InputError
from optimizer.places import PlaceSource, nearest
from optimizer.roads import CandidateSettings, RoadsSettings
from optimizer.siting import SitingSettings

_WANTED = {
    "dict_type": "should be a table of keys and values",
    "model_type": "should be a table of keys and values",
    "model_attributes_type": "should be a table of keys and values",
    "tuple_type": "should be a list",
    "string_type": "should be text in quotes",
    "int_type": "should be a whole number",
    "int_parsing": "should be a whole number",
    "float_type": "should be a number",
    "float_parsing": "should be a number",
    "bool_type": "should be true or false",
    "bool_parsing": "should be true or false",
    "date_type": "should be a day such as 2026-01-01",
    "date_from_datetime_parsing": "should be a day such as 2026-01-01",
    "date_from_datetime_inexact": "should be a day such as 2026-01-01",
    "string_too_short": "should not be empty",
    "too_short": "should not be empty",
}
"""What a value of the wrong kind should be, in the words of a study file."""


class Section(BaseModel):
    """A table of study.toml: frozen, and strict about unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)


class StudySettings(Section):
    """[study]: what the study is called, where it lies and when it is planned from."""

    name: str
    title: str = ""
    language: Literal["en", "zh"] = "en"
    crs: str | None = None
    seed: int = Field(default=0, ge=0)
    as_of: dt.date | None = None
    attribution: str = ""

    @field_validator("name")
    @classmethod
    def _is_a_folder_name(cls, name: str) -> str:
        if not re.fullmatch(r"\w[\w.\- ]*", name):
            message = "names a folder under reports/: letters, digits, '-', '_' and '.' only"
            raise ValueError(message)
        return name


class PlacePoint(Section):
    """One place written into the study itself, by lon and lat, by x and y, or by road node."""

    name: str = ""
    lon: float | None = Field(default=None, ge=-180, le=180)
    lat: float | None = Field(default=None, ge=-90, le=90)
    x: float | None = None
    y: float | None = None
    node: str | None = None
    weight: float = Field(default=0.0, ge=0)

    @model_validator(mode="after")
    def _is_somewhere(self) -> PlacePoint:
        ways = (self.lon is not None and self.lat is not None,
                self.x is not None and self.y is not None,
                self.node is not None)  # fmt: skip
        if sum(ways) != 1:
            message = "needs one of path, lon and lat, x and y, or node"
            raise ValueError(message)
        return self


def _kind_of_key_site(value: object) -> str:
    is_file = isinstance(value, str | PlaceSource) or (isinstance(value, dict) and "path" in value)
    return "file" if is_file else "point"


KeySite = Annotated[
    Annotated[PlaceSource, Tag("file")] | Annotated[PlacePoint, Tag("point")],
    Discriminator(_kind_of_key_site),
]


class PlatformSettings(CandidateSettings, SitingSettings):
    """[platforms]: how many, by which model, chosen among which sites, against which layout."""

    existing: PlaceSource | None = None


class OutputSettings(Section):
    """[output]: what may be published."""

    suppress_below: int = Field(default=5, ge=0)


class StudyFile(BaseModel):
    """The whole of study.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)

    study: StudySettings
    calls: CallsSettings | None = None
    demand: DemandSettings = DemandSettings()
    hotspots: HotspotSettings = HotspotSettings()
    roads: RoadsSettings
    zones: ZonesSettings | None = None
    key_sites: tuple[KeySite, ...] = ()
    standards: StandardsSettings
    platforms: PlatformSettings | None = None
    grids: GridSettings = GridSettings()
    crew: CrewSettings = CrewSettings()
    patrols: PatrolSettings = PatrolSettings()
    patrol_zones: PatrolZoneSettings | None = None
    quick_response: QuickResponseSettings | None = None
    villages: VillageSettings | None = None
    checkpoints: CheckpointSettings | None = None
    output: OutputSettings = OutputSettings()

    @model_validator(mode="after")
    def _has_one_source_of_demand(self) -> StudyFile:
        if (self.calls is None) == (self.demand.path is None):
            message = "needs either [calls] (one row per call) or [demand] path (counts), not both"
            raise ValueError(message)
        if self.calls is not None and self.study.as_of is None:
            message = "needs as_of in [study]: the day from which on nothing was known yet"
            raise ValueError(message)
        return self


@dataclasses.dataclass(frozen=True, slots=True)
class Study:
    """A study file that was read and found whole.

    Parameters
    ----------
    settings
        The sections of the file.
    path
        The file; the paths inside it are relative to its folder.
    sha256
        Of the file's bytes.
    """

    settings: StudyFile
    path: Path
    sha256: str

    @property
    def root(self) -> Path:
        """Folder that the study's paths are relative to."""
        return self.path.parent

    def with_as_of(self, as_of: dt.date | None) -> Study:
        """Return the same study, planned from another day (None: from its own)."""
        if as_of is None:
            return self
        head = self.settings.study.model_copy(update={"as_of": as_of})
        return dataclasses.replace(self, settings=self.settings.model_copy(update={"study": head}))


def read_study(path: Path) -> Study:
    """Read and check a study file.

    Raises
    ------
    InputError
        The file is missing, is no TOML, or has faults; all of them are listed.
    """
    try:
        content = path.read_bytes()
        document = tomllib.loads(content.decode("utf-8-sig"))
    except FileNotFoundError:
        message = (
            f"There is no study file {path}; `optimizer init` writes an example to start from."
        )
        raise InputError(message) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path} cannot be read as a TOML file in UTF-8: {error}.") from error
    try:
        settings = StudyFile.model_validate(document)
    except ValidationError as error:
        raise InputError(_faults(error, path.name)) from error
    return Study(settings, path, hashlib.sha256(content).hexdigest())


def _faults(error: ValidationError, file_name: str) -> Iterator[str]:
    reasons: dict[str, list[str]] = {}  # of values that fit no branch of a union: one each
    for fault in error.errors():
        location = [part for part in fault["loc"] if not _is_branch(part)]
        is_key = location[-1:] == ["[key]"]
        where = _where(location[:-2] if is_key else location)
        if is_key and fault["type"] == "literal_error":
            yield f"{file_name}: unknown key {_where(location[:-1])}{_other_key(fault)}"
        elif fault["type"] == "extra_forbidden":
            yield f"{file_name}: unknown key {where}{_suggestion(location)}"
        elif fault["type"] == "missing":
            yield f"{file_name}: {where} is missing; add it (docs/formats.md lists the keys)."
        else:
            reason = _reason(fault)
            got = "" if isinstance(fault["input"], dict | BaseModel) else f" {fault['input']!r}"
            reasons.setdefault(f"{where}{got}", []).append(reason)
    for what, found in reasons.items():
        yield f"{file_name}: {what}: {', or '.join(found)}."


def _reason(fault: ErrorDetails) -> str:
    """Say in words of a study file what a value should be."""
    words = _WANTED.get(fault["type"])
    if words is not None:
        return words
    return fault["msg"].removeprefix("Value error, ").removeprefix("Input ").rstrip(".")


def _other_key(fault: ErrorDetails) -> str:
    """Advise on a key of a table whose keys are a few fixed names."""
    known = re.findall(r"'([^']+)'", fault["msg"])
    best = nearest(str(fault["input"]), known)
    return f"; did you mean {best}?" if best else f"; known here are {', '.join(sorted(known))}."


def _is_branch(part: str | int) -> bool:
    """Tell pydantic's names for the branches of a union from keys."""
    words = r"file|point|PlaceSource|int|float|constrained-(int|float)|(literal|tuple)\[.*\]"
    return isinstance(part, str) and re.fullmatch(words, part) is not None


def _where(location: list[Any]) -> str:
    if not location:
        return "the study"
    section, keys = str(location[0]), [str(part) for part in location[1:]]
    return f"[{section}] {'.'.join(keys)}".rstrip()


def _suggestion(location: list[Any]) -> str:
    model: Any = StudyFile
    for part in location[:-1]:
        if model is not None and part in model.model_fields:  # else an index, or a name in a table
            model = _model_of(model.model_fields[part].annotation)
    known = list(model.model_fields) if model else []
    best = nearest(str(location[-1]), known)
    if best is not None:
        return f"; did you mean {best}?"
    return f"; known here are {', '.join(sorted(known))}." if known else "; take it out."


def _model_of(annotation: object) -> type[BaseModel] | None:
    """Find the first settings class in an annotation such as ``tuple[PlaceSource, ...] | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_of, get_args(annotation))), None)
