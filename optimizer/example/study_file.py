"""The study file of the example: every key in use, with a word on what it does."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

from optimizer.example.city import City
from optimizer.example.dirt import AS_OF
from optimizer.example.rhythm import CATEGORIES, OFFICER_INITIATED, Category
from optimizer.example.terrain import CRS, to_lonlat
from optimizer.example.words import (
    CHECKPOINT_RINGS,
    CITY_NAME,
    COLUMNS,
    CREW_CLASSES,
    DISTRICT_NAMES,
    POST_KINDS,
    VILLAGE_CREW,
    Language,
)
from optimizer.example.zones import COUNTIES, PLATFORMS

RING_SHARES = ((0.25, 0.5), (0.8, 1.1), (1.5, 2.0))
"""From ... to, as shares of the way from the middle of the city to its edge."""

VILLAGE_POST = (1, 2, 2)
"""People of a village post, by role."""

TITLES = {"en": "Quick-response platforms, {city}", "zh": "{city}快警平台选址"}


def study_text(city: City, language: Language = "en", seed: int = 0) -> str:
    """Write study.toml for the files that lie beside it."""
    number, time, longitude, latitude, category, _ = COLUMNS[language]
    names = [getattr(each, language) for each in CATEGORIES]
    areas = DISTRICT_NAMES[language]
    city_crew, county_crew = CREW_CLASSES[language]
    proper = [area for place, area in enumerate(areas) if place not in COUNTIES]
    classes = [county_crew if place in COUNTIES else city_crew for place in range(len(areas))]
    half = city.layout.half_m
    middle = city.terrain.turned(0.15 * half, 0.0)
    lon, lat = (float(value) for value in to_lonlat(*middle))
    rings = ", ".join(
        f"{_key(name)} = {[round(share * half / 500) * 500 for share in shares]}"
        for name, shares in zip(CHECKPOINT_RINGS[language], RING_SHARES, strict=True)
    )
    motorway, water = POST_KINDS[language]
    return TEMPLATE.format(
        title=_text(TITLES[language].format(city=CITY_NAME[language])),
        language=language, crs=CRS, seed=seed, as_of=AS_OF,
        longitude=_text(longitude), latitude=_text(latitude), time=_text(time),
        category=_text(category), number=_text(number),
        excluded=_text(names[OFFICER_INITIATED]), weights=_lines(names, "weight"),
        districts=_inline(areas, PLATFORMS), class_of=_inline(areas, map(_text, classes)),
        areas=f"{_key(CITY_NAME[language])} = [{', '.join(map(_text, proper))}]",
        city_crew=_key(city_crew), county_crew=_key(county_crew),
        handling=_lines(names, "handling_minutes"), preventable=_lines(names, "preventable"),
        village_crew=_inline(VILLAGE_CREW[language], VILLAGE_POST),
        lon=lon, lat=lat, rings=rings, first_ring=_key(CHECKPOINT_RINGS[language][0]),
        motorway=_text(motorway), water=_text(water),
    )  # fmt: skip


def readme_text(city: City, rows: int) -> str:
    """Say that the city is invented, and what lies in the folder."""
    return README.format(name=CITY_NAME["en"], zh=CITY_NAME["zh"], nodes=city.x_m.size, rows=rows)


def _lines(names: Sequence[str], trait: str) -> str:
    """Write a line for every category that differs from the usual one."""
    usual = {field.name: field.default for field in dataclasses.fields(Category)}[trait]
    values = ((name, getattr(each, trait)) for name, each in zip(names, CATEGORIES, strict=True))
    return "\n".join(f"{_text(name)} = {value:g}" for name, value in values if value != usual)


def _inline(names: Iterable[str], values: Iterable[object]) -> str:
    """Write the inside of a table on one line."""
    return ", ".join(f"{_key(name)} = {value}" for name, value in zip(names, values, strict=True))


def _text(value: str) -> str:
    return '"' + value + '"'


def _key(name: str) -> str:
    """Quote a key that TOML does not read bare."""
    return name if name.isascii() and name.isalnum() else _text(name)


TEMPLATE = """\
# An example study. The city is invented: see README.txt.
# Paths are relative to this file. Keys that are left out have the values said in the comments.

[study]
name = "example"                  # folder name under reports/
title = {title}
language = "{language}"                   # of maps and reports: "en" or "zh"
crs = "{crs}"                # planar, metres; left out: the UTM zone of the data
seed = {seed}
as_of = {as_of}                # plan with what was known before this day, judge by what came after

[calls]                           # one row per call
path = "calls_*.csv*"             # one path, a list, or a pattern; compressed or not
longitude = {longitude}
latitude = {latitude}
datum = "wgs84"                   # "gcj02" or "bd09" if the map service says so
time = {time}
timezone = "Asia/Shanghai"
category = {category}
id = {number}                    # two rows of one id are one call
encoding = "auto"                 # one of the files is gb18030, the others are utf-8
years = 3                         # window before as_of
half_life_days = 365              # a call counts half after a year: force follows calls
exclude = [{excluded}]   # patrols' own finds would make the plan feed on itself
repeat_minutes = 10               # a second report of one event: same category, this soon after ...
repeat_metres = 50                # ... and this near

[calls.weights]                   # category -> weight, 1 if not named
{weights}

[demand.shifts]                   # the parts of a day that tables and hotspots report
night = "00:00-08:00"
day = "08:00-16:00"
evening = "16:00-24:00"

[roads]                           # lines that meet at shared vertices
path = "roads.geojson"
name = "name"
road_class = "highway"            # OpenStreetMap's words; footways are left out by themselves
oneway = "oneway"                 # yes, no, -1
speed = "maxspeed"
speed_unit = "kph"
default_speed_kph = 30            # where neither the road nor its class says more
speed_factor = 0.8                # below 1: lights and traffic; above 1: emergency driving
max_snap_m = 500                  # calls further from a junction are not used, but counted

[roads.class_speeds]              # where a road does not state its limit
residential = 30
living_street = 20
unclassified = 40

[zones]                           # polygons: tier names the standard inside, district who reports
path = "zones.geojson"
tier = "tier"
district = "district"

[[key_sites]]                     # schools, hospitals, squares, the station, government halls
path = "key_sites.geojson"
id = "site_id"
name = "name"
weight = "weight"                 # what a site counts beside its calls, in calls

[standards]                       # minutes until help is there, by tier: the 1-3-5 circles
key = 1
central = 3
urban = 5
country = 20
turnout_seconds = 0               # from the alarm until the crew moves

[platforms]
# Ten in the city proper, three in each county. Instead: count = 16, or count = "curve".
per_district = {{ {districts} }}
model = "mclp"                    # cover as much weight as possible; or "backup", "mexclp"
existing = {{ path = "stations.geojson", id = "station_id", name = "name" }}   # today, the baseline
keep = ["S-01"]                   # stays where it is
forbid = "water.geojson"          # no platform in here
candidates = "junctions"          # or a file of sites
min_legs = 3                      # junctions of three streets or more ...
classes = ["trunk", "primary", "secondary", "tertiary"]   # ... with good access: on these roads
spacing_m = 250                   # ... and not nearer to each other than this
gap = 0.001                       # stop when proven this close to the best
time_limit_s = 120

[grids]                           # the ground of each platform
plan = "balanced"                 # equal hours of work; "nearest": each place has the nearest one
# tolerance = 0.1                 # loads may differ from their mean by this share of it; left out:
                                  # 0.1, loosened where needed, and said so; written: to be met
keep = "districts"                # platforms share the work of their own district; or "none"
areas = {{ {areas} }}
                                  # ... or of these districts together: the city proper
# cells = "working_grids.geojson" # a finer grid that is never split, here the city's blocks ...
# cell_id = "cell_id"             # ... and the column with their ids

[crew]                            # of one platform, all shifts together
command_vehicles = 1
response_cars = 2
motorcycles = 4
officers = 8
auxiliaries = 24
shifts = 3                        # a day; their hours are those of [demand.shifts], or else:
# shift_hours = {{ early = "06:00-14:00", late = "14:00-22:00", night = "22:00-06:00" }}
handling_minutes = 30             # at the scene per call; [crew.handling] says where it differs
utilisation = 0.6                 # of their time on duty, units work at most this share on calls
hours_per_week = 44               # of each person, in the mean of four weeks
rest_hours = 11                   # between two duties
most_days = 6                     # on duty in a row
leave_days = 2                    # in four weeks, beside the days off
class_of = {{ {class_of} }}

[crew.classes]                    # what a class of platforms has instead
{city_crew} = {{ officers = 8, auxiliaries = 24 }}
{county_crew} = {{ response_cars = 1, motorcycles = 2, officers = 4, auxiliaries = 12 }}

[crew.aboard]                     # people that a vehicle needs ...
command_vehicle = 2
response_car = 2
motorcycle = 1

[crew.officers_aboard]            # ... and sworn officers among them
command_vehicle = 1
response_car = 1
motorcycle = 0

[crew.always]                     # manned round the clock, whatever the calls
response_car = 1

[crew.handling]                   # category -> minutes at the scene
{handling}

[patrols]                         # beats of the cars and motorcycles, by grid and shift
points = "patrol_points.csv"      # must-patrol points beside hotspots and key sites
lines = "patrol_lines.geojson"    # must-patrol streets, driven from end to end
hotspots = true                   # hotspots are must-patrol points
key_sites = true                  # and so are key sites
dwell_minutes = 12                # at each point; 10 to 16 minutes deter longest
every_minutes = 120               # each point and street is visited at least this often
patrol_share = 0.8                # of a round is for driving and standing, the rest for calls
cover_floor = 0.8                 # of what units reach in time from the platform, they still reach
reserve = 0                       # units of each shift that stay at the platform
steps = 200                       # solutions that the search looks at: a count, not a time

[patrol_zones]                    # key patrol zones, made of hotspots
count = 6
across_minutes = 5                # no two hotspots of a zone are further apart, by road
# hours_per_day = 60              # patrol hours of all zones together; left out: what they take

[patrol_zones.preventable]        # category -> share of its calls that presence prevents
{preventable}

[quick_response]                  # standing points for single vehicles between the platforms
count = 6                         # the best so many; "all": the fewest that close every hole
candidates = "roads"              # anywhere; "platforms": where platforms may stand; or a file
vehicle = "motorcycle"            # or "response_car", "command_vehicle"
time_limit_s = 20                 # after this the choice is improved no further

[villages]                        # one post each, manned from the village
path = "villages.csv"
id = "village_id"
name = "name"
crew = {{ {village_crew} }}   # people of each post
within_minutes = 30               # help from the nearest platform that comes later is late

[checkpoints]                     # "close the gates": rings of posts that cut every route
centre = [{lon}, {lat}]
rings_m = {{ {rings} }}   # from ... to, metres
direction = "out"                 # what is stopped: those who leave ("out"), come ("in"), or "both"
posts_at = "both"                 # posts stand at "junctions", on "roads", or "both"
# most_posts = {{ {first_ring} = 12 }}      # a force too short to seal: the best so many posts
detour_tolerance = 0.5            # a fugitive takes up to half as long again to avoid posts
sites = "posts.csv"               # place, kind, cost, rule: here, no post in front of a hospital
# exits = "exits.csv"             # where a fugitive is away; left out: beyond the outermost ring
# edge_of_data = "open"           # a fugitive is away where roads end with the data, too
contain_minutes = [5, 10, 30]     # the share of hotspots around which a net closes this soon
report_delay_minutes = 3          # from the incident until units are sent
setup_minutes = 0                 # from arriving until a post is closed
head_start_minutes = 0            # the fugitive leaves this long before the incident is seen
margin_minutes = 0                # a post stands this long before he can be there
evader_speed_factor = 1.0         # or evader_profile = [[0, 1.0], [5, 1.3]]: minute, factor
# units_per_platform = 6          # left out: the platform's cars and motorcycles
units = "boats.csv"               # who else can be sent: cars or boats that stand elsewhere
# standing_units = 2              # where two more units would help containment most ...
# standing_minutes = 10           # ... within this time
gates = "gates.csv"               # cameras: what they see, and ...
next_gates = 3                    # ... where the next ones would see most

[[checkpoints.kinds]]             # what a post is called, by the class of its road
name = {motorway}
classes = ["motorway", "motorway_link"]

[[checkpoints.kinds]]
name = {water}
classes = ["water", "quay"]

[checkpoints.water]               # a second network, joined to the roads at quays
path = "waterways.geojson"
quays = "quays.csv"
speed_kph = 25
landing_minutes = 1

[output]
suppress_below = 5                # cells with fewer calls are not published
"""

README = """\
{name} ({zh}) is an invented city.

Its river, streets, villages, police stations and calls were drawn at random by a computer from a
seed. It stands on no real ground, and no call in it was ever made: the coordinates lie in southern
China only because a map has to lie somewhere. Any likeness to a real place or person is chance.

study.toml           what to plan, with every key explained
calls_*.csv*         {rows} rows of calls over three and a half years, with the faults of real
                     records: missing, zero and swapped coordinates, times written in several
                     ways, duplicates, second reports, texts that try to break a reader
roads.geojson        roads of a network of {nodes} junctions and bends
zones.geojson        tiers (central, urban, country) and districts
key_sites.geojson    schools, hospitals, squares, stations, government halls
stations.geojson     today's police stations
water.geojson        the river and the lakes
waterways.geojson    where boats go, quays.csv where they land, boats.csv the river police's
patrol_lines.geojson streets that must be patrolled, patrol_points.csv places beside hotspots
villages.csv         every village: each has a post of its own
working_grids.geojson   the blocks of the city, a finer grid to align with
posts.csv            where no checkpoint may stand
gates.csv            electronic gates (cameras)
exits.csv            where roads leave the city, and units.csv who can be sent there:
                     optimizer seal study.toml --exits exits.csv --units units.csv

Run it:  optimizer run study.toml
"""
