"""Covering in which a second and further platform in reach counts: backup, expected cover."""
