"""A thin layer over ``llvmlite.ir``: arithmetic on ``<W x double>`` values.

Multiplications and additions carry the ``contract`` flag, so the processor's fused
multiply-add is used where it exists and nothing else about the order of operations may
change: a lane's result never depends on its neighbors.
"""

import math
import struct
from typing import Any

from llvmlite import ir

__all__ = ["BYTES", "FLOAT", "INT", "POINTER", "Value", "Vector", "bits", "whole"]

FLOAT = ir.DoubleType()
INT = ir.IntType(64)
POINTER = ir.PointerType()
BYTES = 8
_CONTRACT = ("contract",)

Value = Any
"""A value in generated code; llvmlite's decorators hide the type."""


def whole(value: int) -> ir.Constant:
    """Return a whole number as generated code has it."""
    return ir.Constant(INT, value)


def bits(value: float) -> int:
    """Return the 64 bits of a number."""
    return struct.unpack("<q", struct.pack("<d", value))[0]


class Vector:
    """Emits operations on vectors of one lane per slot at the end of a block.

    Parameters
    ----------
    builder : ir.IRBuilder
        Where code is appended.
    width : int
        Lanes in a vector.
    """

    def __init__(self, builder: Value, width: int) -> None:
        self.builder = builder
        self.width = width
        self.real = ir.VectorType(FLOAT, width)
        self.whole = ir.VectorType(INT, width)

    # Constants and memory

    def number(self, value: float) -> Value:
        """Return a constant in every lane."""
        if math.isfinite(value):
            return ir.Constant(self.real, [float(value)] * self.width)
        return self.as_real(self.integer(bits(value)))

    def integer(self, value: int) -> Value:
        """Return an integer constant in every lane."""
        return ir.Constant(self.whole, [value] * self.width)

    def at(self, base: Value, index: int | Value, kind: ir.Type | None = None) -> Value:
        """Return the address of an element of an array of vectors."""
        where = ir.Constant(INT, index) if isinstance(index, int) else index
        kind = kind or self.real
        return self.builder.gep(base, [where], inbounds=True, source_etype=kind)

    def load(self, base: Value, index: int | Value = 0) -> Value:
        """Load a vector from an array of vectors."""
        return self.builder.load(
            self.at(base, index), align=BYTES * self.width, typ=self.real
        )

    def store(self, value: Value, base: Value, index: int | Value = 0) -> None:
        """Store a vector in an array of vectors."""
        self.builder.store(value, self.at(base, index), align=BYTES * self.width)

    def load_whole(self, base: Value, index: int = 0) -> Value:
        """Load a vector of integers."""
        return self.builder.load(
            self.at(base, index), align=BYTES * self.width, typ=self.whole
        )

    def splat(self, scalar: Value) -> Value:
        """Return a scalar in every lane."""
        kind = ir.VectorType(scalar.type, self.width)
        empty = ir.Constant(kind, ir.Undefined)
        one = self.builder.insert_element(empty, scalar, ir.Constant(ir.IntType(32), 0))
        mask = ir.Constant(ir.VectorType(ir.IntType(32), self.width), [0] * self.width)
        return self.builder.shuffle_vector(one, empty, mask)

    # Arithmetic

    def add(self, a: Value, b: Value) -> Value:
        """Return a + b."""
        return self.builder.fadd(a, b, flags=_CONTRACT)

    def sub(self, a: Value, b: Value) -> Value:
        """Return a - b."""
        return self.builder.fsub(a, b, flags=_CONTRACT)

    def mul(self, a: Value, b: Value) -> Value:
        """Return a b."""
        return self.builder.fmul(a, b, flags=_CONTRACT)

    def div(self, a: Value, b: Value) -> Value:
        """Return a / b."""
        return self.builder.fdiv(a, b)

    def neg(self, a: Value) -> Value:
        """Return -a."""
        return self.builder.fneg(a)

    def fma(self, a: Value, b: Value, c: Value) -> Value:
        """Return a b + c."""
        return self.add(self.mul(a, b), c)

    def polynomial(self, x: Value, coefficients: tuple[float, ...]) -> Value:
        """Evaluate a polynomial, lowest coefficient first, by Estrin's scheme."""
        terms = [self.number(c) for c in coefficients]
        while len(terms) > 1:
            pairs = [
                self.fma(x, terms[k + 1], terms[k]) for k in range(0, len(terms) - 1, 2)
            ]
            terms = pairs + terms[2 * len(pairs) :]
            x = self.mul(x, x) if len(terms) > 1 else x
        return terms[0]

    # Comparison

    def compare(self, sign: str, a: Value, b: Value) -> Value:
        """Return the mask of an ordered comparison, false where a number is NaN."""
        return self.builder.fcmp_ordered(sign, a, b)

    def select(self, mask: Value, a: Value, b: Value) -> Value:
        """Return `a` where the mask is set and `b` elsewhere."""
        return self.builder.select(mask, a, b)

    def min(self, a: Value, b: Value) -> Value:
        """Return the smaller number, `b` where either is NaN."""
        return self.select(self.compare("<", a, b), a, b)

    def max(self, a: Value, b: Value) -> Value:
        """Return the larger number, `b` where either is NaN."""
        return self.select(self.compare(">", a, b), a, b)

    # Bits and calls

    def as_real(self, a: Value) -> Value:
        """Read bits as numbers."""
        return self.builder.bitcast(a, self.real)

    def as_whole(self, a: Value) -> Value:
        """Read numbers as bits."""
        return self.builder.bitcast(a, self.whole)

    def intrinsic(self, name: str, *args: Value) -> Value:
        """Call an LLVM intrinsic that has a vector form, such as ``sqrt``."""
        kind = ir.FunctionType(self.real, [self.real] * len(args))
        full = f"llvm.{name}.v{self.width}f64"
        function = self._declared(full, kind)
        return self.builder.call(function, args)

    def scalar_call(self, name: str, *args: Value) -> Value:
        """Call a function of the C library lane by lane."""
        kind = ir.FunctionType(FLOAT, [FLOAT] * len(args))
        function = self._declared(name, kind)
        result = ir.Constant(self.real, ir.Undefined)
        for lane in range(self.width):
            where = ir.Constant(ir.IntType(32), lane)
            picked = [self.builder.extract_element(a, where) for a in args]
            value = self.builder.call(function, picked)
            result = self.builder.insert_element(result, value, where)
        return result

    def _declared(self, name: str, kind: ir.FunctionType) -> ir.Function:
        known = self.builder.module.globals.get(name)
        return known or ir.Function(self.builder.module, kind, name)

    def any(self, mask: Value) -> Value:
        """Return whether any lane of a mask is set."""
        packed = self.builder.bitcast(mask, ir.IntType(self.width))
        return self.builder.icmp_unsigned("!=", packed, ir.Constant(packed.type, 0))
