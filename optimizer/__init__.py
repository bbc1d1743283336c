"""Site quick-response platforms from call records, on real road travel times, with proof."""

__version__ = "0.1.0"
