"""Covering by sites that can serve only so many hours of work."""
