"""The populations of a trial, screened one after the other while the first ones run."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from oestra.core.errors import InputError
from oestra.trial.enroll import check_groups
from oestra.trial.recipe import Recipe

__all__ = ["Populations"]


@dataclass(slots=True)
class Populations:
    """Those in which somebody is eligible; the others are left out.

    Parameters
    ----------
    recipes : sequence of Recipe
        One a population.
    """

    recipes: Sequence[Recipe]
    _found: list[Recipe] = field(default_factory=list, init=False)
    _refused: list[InputError] = field(default_factory=list, init=False)

    def of(self, number: int) -> Recipe:
        """Return the recipe of a replicate; they take turns.

        No more is screened than is needed to tell.

        Parameters
        ----------
        number : int
            Of the replicate, from 0.

        Raises
        ------
        InputError
            If nobody is eligible in any of them.
        """
        while len(self._found) <= number and self._left:
            self._screen(self._left[0])
        if not self._found:
            raise self._refused[0]
        return self._found[number % len(self._found)]

    def all(self) -> list[Recipe]:
        """Return the recipes of all, screened."""
        while self._left:
            self._screen(self._left[0])
        return self._found

    def told(self) -> list[str]:
        """Say how many of those that were screened were left out."""
        if not self._refused:
            return []
        return [
            f"{len(self._refused)} of {len(self.recipes)} parameter sets have nobody "
            "who is eligible and were left out."
        ]

    @property
    def _left(self) -> Sequence[Recipe]:
        return self.recipes[len(self._found) + len(self._refused) :]

    def _screen(self, recipe: Recipe) -> None:
        try:
            rows = recipe.screening.rows
        except InputError as error:
            self._refused.append(error)
            return
        check_groups(recipe.design, recipe.decisions.iloc[rows])
        self._found.append(recipe)
