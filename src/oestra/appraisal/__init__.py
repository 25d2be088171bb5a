"""Judges the model: scoreboard, verdicts, skill, verification, credibility, records."""
