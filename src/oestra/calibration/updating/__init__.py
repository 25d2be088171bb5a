"""One's own trial against the fit: its data read, the ensemble reweighted or moved."""
