"""Covering that counts parts of the demand apart: floors for districts, scenarios."""
