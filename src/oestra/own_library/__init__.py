"""Libraries that people bring: one to start from, and what is wrong with one."""
