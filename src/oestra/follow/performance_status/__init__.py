"""Numbers of the model of performance status."""
