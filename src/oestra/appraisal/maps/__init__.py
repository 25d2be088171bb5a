"""Figures 1 and 2 of the review as data: what stands where and acts on what."""
