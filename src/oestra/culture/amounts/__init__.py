"""What the amount of each protein stands in, as it ships."""
