"""What can be read from a culture, as it ships."""
