"""Draws and writes only: figures, pages, folders of results, manifests, archives."""
