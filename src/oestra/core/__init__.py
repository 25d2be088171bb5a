"""What every storey needs: quantities, units, random streams, errors, words."""
