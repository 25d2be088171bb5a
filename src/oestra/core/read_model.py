"""Read a file of YAML as an object of a pydantic model."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from oestra.core.model_faults import model_faults
from oestra.core.record_keys import keys_of
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
        raise model_faults(error.errors(), text, where, keys=keys_of(model)) from error
