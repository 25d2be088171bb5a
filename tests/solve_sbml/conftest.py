"""Counts of the SBML Test Suite at the end of a run."""

SUITE = "test_sbml_suite.py::test_case"


def pytest_terminal_summary(terminalreporter):
    counts = {"passed": 0, "failed": 0, "refused": 0}
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            if SUITE in report.nodeid and report.when == "call":
                refused = ("refused", "yes") in report.user_properties
                counts["refused" if refused else outcome] += 1
    if sum(counts.values()):
        line = ", ".join(f"{n} {what}" for what, n in counts.items())
        terminalreporter.write_line(f"SBML Test Suite: {line}")
