"""Drugs that ship, one file each."""
