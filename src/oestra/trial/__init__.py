"""Virtual trials: a design from a file, patients of one population, a result."""
