"""Numbers of the population: frequencies and spreads, with their sources."""
