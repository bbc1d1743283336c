"""Maximal covering, proven: reduce, search, bound, split, and write the proof down."""
