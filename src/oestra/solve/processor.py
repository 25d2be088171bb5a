"""The processor code is generated for, and how its code becomes callable."""

import ctypes
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import llvmlite
from llvmlite import binding

__all__ = ["Linked", "Processor", "host", "link", "translate"]


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
        Doubles in its widest vector: 8 with AVX-512, 4 with AVX2, 2 elsewhere.
    """

    name: str
    features: str
    width: int

    @property
    def identity(self) -> str:
        """What the bytes of object code depend on besides the model."""
        triple = binding.get_process_triple()
        return f"{triple} {self.name} {self.features} {llvmlite.__version__}"


@cache
def host() -> Processor:
    """Return the processor of this machine."""
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
    """Object code in memory; keeps the engine alive as long as its functions."""

    engine: binding.ExecutionEngine
    functions: dict[str, Callable[..., Any]]


def link(code: bytes, names: Iterable[str], processor: Processor) -> Linked:
    """Load object code into this process.

    Parameters
    ----------
    code : bytes
        Object code.
    names : iterable of str
        Its functions, each called with two addresses.
    processor : Processor
        What the code was written for.

    Returns
    -------
    Linked
        Functions that release the interpreter while they run.
    """
    empty = binding.parse_assembly("")
    empty.triple = binding.get_process_triple()
    engine = binding.create_mcjit_compiler(empty, _machine(processor))
    engine.add_object_file(binding.ObjectFileRef.from_data(code))
    engine.finalize_object()
    prototype = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)
    functions = {name: prototype(engine.get_function_address(name)) for name in names}
    return Linked(engine, functions)
