"""Whether a criterion can be met: its columns exist and can hold what it asks."""

from collections.abc import Collection

from oestra.core.errors import InputError, unknown_name
from oestra.core.library import SHIPPED, Library
from oestra.trial.criterion import constants_beside, names_in
from oestra.trial.criterion_kind import check_sense
from oestra.trial.decision_columns import DECISION_COLUMNS, decision_words

__all__ = ["check_criterion"]


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
    known = {*DECISION_COLUMNS, *definitions}
    unknown = names_in(text, where=where) - known
    if unknown:
        raise unknown_name("column", min(unknown), known, where=where)
    allowed = decision_words(library)
    for name, value in constants_beside(text, where=where):
        words = allowed.get(name)
        if words is None:
            if isinstance(value, str):
                raise InputError(
                    f"{name!r} holds no words, got {value!r} in {where}; write "
                    f"{name!r} alone, or compare it with a number."
                )
        elif not isinstance(value, str):
            raise InputError(
                f"{name!r} holds words, got {value!r} in {where}; allowed are "
                f"{', '.join(map(repr, words))}."
            )
        elif value not in words:
            raise unknown_name(f"value of {name!r}", value, words, where=where)
    check_sense(text, definitions, where=where)
