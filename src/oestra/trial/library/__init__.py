"""Trials that ship, one file each."""
