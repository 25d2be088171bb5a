"""What was published: trials, fit targets, population and cell facts, sources.

Facts only, each with its unit, how far it was checked and where it stands. Nothing
here is simulated or fitted.
"""
