"""Textbook location models, each written once for every solver."""

from optimizer.siting.formulations.mclp import MCLP, MaximalCovering

__all__ = ["MCLP", "MaximalCovering"]
