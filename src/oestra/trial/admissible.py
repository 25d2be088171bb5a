"""Whether a criterion can be met: its columns exist and can hold what it asks."""

from collections.abc import Collection, Iterator

from oestra.core.errors import InputError, unknown_name
from oestra.core.library import SHIPPED, Library
from oestra.trial.criterion import constants_beside, names_in
from oestra.trial.criterion_kind import check_sense
from oestra.trial.decision_columns import DECISION_COLUMNS, decision_words

__all__ = ["check_criterion", "criterion_faults"]


def check_criterion(
    text: str,
    definitions: Collection[str],
    *,
    where: str,
    library: Library = SHIPPED,
) -> None:
    """Refuse a criterion over unknown columns, or values that a column never holds.

    Parameters
    ----------
    text : str
        The criterion.
    definitions : collection of str
        Names the design defines beside the columns of decisions.
    where : str
        Where it was written, for errors.
    library : Library
        Whose therapies a patient may have had.

    Raises
    ------
    InputError
        If a column is unknown, a word is none of its words, words and numbers are
        compared with each other, or the criterion can mean nothing.
    """
    for error in criterion_faults(text, definitions, where=where, library=library):
        raise error


def criterion_faults(
    text: str,
    definitions: Collection[str],
    *,
    where: str,
    library: Library = SHIPPED,
) -> Iterator[InputError]:
    """Find everything for which `check_criterion` refuses a criterion.

    Parameters
    ----------
    text, definitions, where, library
        As of `check_criterion`.

    Yields
    ------
    InputError
        Unknown columns first; what else is wrong where all are known.
    """
    known = {*DECISION_COLUMNS, *definitions}
    try:
        unknown = sorted(names_in(text, where=where) - known)
    except InputError as error:
        yield error
        return
    for name in unknown:
        yield unknown_name("column", name, known, where=where)
    found = [*_wrong_words(text, where, library)]
    yield from found
    if not unknown and not found:
        try:
            check_sense(text, definitions, where=where)
        except InputError as error:
            yield error


def _wrong_words(text: str, where: str, library: Library) -> Iterator[InputError]:
    """Find columns that are compared with what they never hold."""
    allowed = decision_words(library)
    for name, value in dict.fromkeys(constants_beside(text, where=where)):
        words = allowed.get(name)
        if words is None:
            if name in DECISION_COLUMNS and isinstance(value, str):
                yield InputError(
                    f"{name!r} holds no words, got {value!r} in {where}; write "
                    f"{name!r} alone, or compare it with a number."
                )
        elif not isinstance(value, str):
            yield InputError(
                f"{name!r} holds words, got {value!r} in {where}; allowed are "
                f"{', '.join(map(repr, words))}."
            )
        elif value not in words:
            yield unknown_name(f"value of {name!r}", value, words, where=where)
