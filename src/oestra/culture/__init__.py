"""Cells in a dish: media, lines, experiments and what is read from them."""
