"""Read a file of YAML as an object of a pydantic model."""

from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from oestra.core.model_faults import model_faults
from oestra.core.yaml_text import load_yaml

__all__ = ["read_model"]

Model = TypeVar("Model", bound=BaseModel)


def read_model(
    model: type[Model], text: str, where: str, *, trusted: bool = False
) -> Model:
    """Read one object.

    Parameters
    ----------
    model : type
        What the file shall be.
    text : str
        YAML.
    where : str
        Name of the file, for errors.
    trusted : bool
        Whether it ships with the package.

    Returns
    -------
    BaseModel
        The object.

    Raises
    ------
    InputError
        If the file does not fit; names file, key and line of every fault.
    """
    data = load_yaml(text, where, trusted=trusted)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise model_faults(error.errors(), text, where, keys=_keys(model)) from error


def _keys(model: type[BaseModel]) -> set[str]:
    """Return the keys of a model and of all that it holds."""
    found, seen = set[str](), set[type]()
    ahead: list[Any] = [model]
    while ahead:
        one = ahead.pop()
        if not (isinstance(one, type) and issubclass(one, BaseModel)):
            ahead += get_args(one)
        elif one not in seen:
            seen.add(one)
            found |= one.model_fields.keys()
            ahead += [field.annotation for field in one.model_fields.values()]
    return found
