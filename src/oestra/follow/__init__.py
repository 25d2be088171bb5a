"""A patient from a moment on: treatment, later lines and choices."""
