"""What does a whole study look like? An invented river city: roads, calls, zones, study file."""

from optimizer.example.addresses import Addresses, find_addresses
from optimizer.example.calls import SyntheticCalls, synthetic_calls
from optimizer.example.city import City, synthetic_city
from optimizer.example.dirt import ExampleTruth
from optimizer.example.terrain import to_lonlat
from optimizer.example.write import example_truth, write_example

__all__ = [
    "Addresses",
    "City",
    "ExampleTruth",
    "SyntheticCalls",
    "example_truth",
    "find_addresses",
    "synthetic_calls",
    "synthetic_city",
    "to_lonlat",
    "write_example",
]
