"""Options of commands about patients of a profile, and what all of them say."""

from typing import Annotated

import typer

from oestra.cli.show import warn

__all__ = ["Patients", "Profile", "Sets", "Year", "warn_left_out"]

Profile = Annotated[
    str,
    typer.Option(
        help="Who it is for, such as 'ESR1=Y537S, PIK3CA=H1047R, prior AI 14 months'; "
        "parts may also be criteria of eligibility, such as 'age_years >= 60'."
    ),
]
Patients = Annotated[
    int,
    typer.Option(
        min=50, max=5000, help="About how many patients to follow with each set."
    ),
]
Sets = Annotated[
    int, typer.Option(min=2, max=20, help="Parameter sets of the ensemble.")
]
Year = Annotated[
    float | None,
    typer.Option(
        min=1990,
        max=2030,
        help="Calendar year: what such patients were given before is the practice of "
        "its time; by default the last that practice is known of, 2023.",
    ),
]


def warn_left_out(sets: int, left_out: int) -> None:
    """Tell of parameter sets that lack the profile, if there are any.

    Parameters
    ----------
    sets, left_out : int
        Sets that say something, and that do not.
    """
    if left_out:
        warn(
            f"Caution: {left_out} of {sets + left_out} parameter sets have hardly "
            "anybody of this profile and were left out."
        )
