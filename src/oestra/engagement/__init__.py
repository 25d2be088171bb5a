"""The only bridge from drugs to the cell, for patients and cultures."""
