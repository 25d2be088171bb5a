"""Fitting the shared parameters to published facts, and how far to trust the fit."""
