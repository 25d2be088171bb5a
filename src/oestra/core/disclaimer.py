"""What stands on everything that leaves the program."""

__all__ = ["DISCLAIMER"]

DISCLAIMER = "Research software, not for clinical decisions."
