"""Judging the model: scoreboard, verdicts, skill, verification, credibility."""
