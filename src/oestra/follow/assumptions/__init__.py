"""Assumptions about practice after a trial; no fit reads them."""
