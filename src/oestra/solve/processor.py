"""The processor code is generated for, and how its code becomes callable."""

import ctypes
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

import llvmlite
from llvmlite import binding

from oestra.core.environment import whole_number
from oestra.core.errors import InputError

__all__ = ["VECTOR_WIDTH", "Linked", "Processor", "host", "link", "translate"]

VECTOR_WIDTH = "OESTRA_VECTOR_WIDTH"
"""Environment variable: doubles in a vector, to try the code of smaller processors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Processor:
    """An instruction set.

    Parameters
    ----------
    name : str
        LLVM's name of the processor.
    features : str
        LLVM's list of its features.
    width : int
        Doubles in a vector of generated code.
    """

    name: str
    features: str
    width: int

    @property
    def identity(self) -> str:
        """What the bytes of object code depend on besides the model."""
        triple = binding.get_process_triple()
        version = llvmlite.__version__
        return f"{triple} {self.name} {self.features} {self.width} {version}"


def host() -> Processor:
    """Return the processor of this machine.

    Returns
    -------
    Processor
        With its widest vectors, 8 doubles with AVX-512, 4 with AVX2 and 2 elsewhere,
        or those that `VECTOR_WIDTH` asks for.

    Raises
    ------
    InputError
        If the processor has no vectors of the width asked for.
    """
    widest = _widest()
    given = whole_number(VECTOR_WIDTH, least=2, most=8)
    allowed = [width for width in (2, 4, 8) if width <= widest.width]
    if given is not None and given not in allowed:
        raise InputError(
            f"The environment variable {VECTOR_WIDTH} is '{given}'; on this processor "
            f"it may be {' or '.join(map(str, allowed))}."
        )
    return widest if given is None else replace(widest, width=given)


@cache
def _widest() -> Processor:
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    features = binding.get_host_cpu_features()
    width = 8 if features.get("avx512dq") else 4 if features.get("avx2") else 2
    text = features.flatten()
    if width == 8:
        text += ",-prefer-256-bit"
    return Processor(name=binding.get_host_cpu_name(), features=text, width=width)


def _machine(processor: Processor) -> binding.TargetMachine:
    target = binding.Target.from_default_triple()
    return target.create_target_machine(
        cpu=processor.name,
        features=processor.features,
        opt=2,
        reloc="pic",
        codemodel="default",
        jit=True,
    )


def translate(text: str, processor: Processor) -> bytes:
    """Turn LLVM assembly into object code."""
    module = binding.parse_assembly(text)
    module.triple = binding.get_process_triple()
    machine = _machine(processor)
    module.data_layout = str(machine.target_data)
    return machine.emit_object(module)


@dataclass(frozen=True, slots=True)
class Linked:
    """Object code in memory; keeps what holds it alive as long as its functions."""

    holders: tuple[binding.orcjit.LLJIT, binding.orcjit.ResourceTracker]
    functions: dict[str, Callable[..., Any]]


@lru_cache(maxsize=32)
def link(code: bytes, names: tuple[str, ...], processor: Processor) -> Linked:
    """Load object code into this process; code just used is still there.

    Parameters
    ----------
    code : bytes
        Object code.
    names : tuple of str
        Its functions, each called with two addresses.
    processor : Processor
        What the code was written for.

    Returns
    -------
    Linked
        Functions that release the interpreter while they run.
    """
    # JITLink keeps code and constants together; MCJIT, where memory is taken in many
    # places, puts them further apart than code reaches, and ends the process.
    jit = binding.create_lljit_compiler(_machine(processor), use_jit_link=True)
    library = binding.JITLibraryBuilder().add_object_img(code).add_current_process()
    for name in names:
        library.export_symbol(name)
    held = library.link(jit, "generated")
    prototype = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)
    functions = {name: prototype(held[name]) for name in names}
    return Linked((jit, held), functions)
