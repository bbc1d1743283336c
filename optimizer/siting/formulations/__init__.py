"""Textbook location models, each written once for every solver."""

from optimizer.siting.formulations.mclp import MCLP

__all__ = ["MCLP"]
