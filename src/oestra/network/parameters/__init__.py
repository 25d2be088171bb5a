"""Numbers of the cell: value, unit, interval, origin and source of every parameter."""
