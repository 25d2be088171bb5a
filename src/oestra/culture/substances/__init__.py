"""What a medium may hold, as it ships."""
