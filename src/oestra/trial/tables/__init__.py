"""The tables of a trial for statisticians, in the structures of CDISC ADaM."""
