"""Where drugs, clones and network meet: histories, cohorts, courses, cultures."""
