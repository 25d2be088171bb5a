"""Tables as statisticians exchange them: their dictionary, and the formats of CDISC."""
