"""Alterations of genes that ship."""
