"""Virtual patients: biomarkers, biology, habits, drawn from one population."""

from oestra.patients.population import Population, population_table, sample_population

__all__ = ["Population", "population_table", "sample_population"]
