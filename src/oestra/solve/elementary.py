"""Exponential, logarithm and power as straight-line vector code.

Both functions reduce their argument as Cody and Waite do [1]_. The exponential is then
a polynomial that interpolates at Chebyshev nodes; the logarithm follows fdlibm [2]_.
Their relative error is about one unit in the last place. A power goes by way of base 2,
where the reduction is exact and takes fewer operations; its error grows with the size
of the logarithm, and stays below 3e-13.

References
----------
.. [1] Cody WJ, Waite W (1980). Software Manual for the Elementary Functions. Prentice
   Hall.
.. [2] Sun Microsystems (1993). fdlibm 5.3, ``e_log.c``. netlib.org/fdlibm.
"""

from oestra.solve.vector import Value, Vector, bits

__all__ = [
    "exponential",
    "exponential2",
    "logarithm",
    "logarithm2",
    "parity",
    "power",
    "power_of_size",
]

_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
_SHIFTER = 6755399441055744.0  # 1.5 * 2^52: adding it rounds to an integer
_EXP = (
    0.5,
    0.16666666666666669,
    0.041666666666623824,
    0.008333333333330039,
    0.0013888888917367081,
    0.00019841269863171557,
    2.4801521057868204e-05,
    2.7557268276905696e-06,
    2.7620201591031547e-07,
    2.5100472505694996e-08,
)
"""(exp(r) - 1 - r) / r^2 on \\|r\\| <= log(2)/2, to 1e-17."""
_LOG = (
    6.666666666666735130e-01,
    3.999999999940941908e-01,
    2.857142874366239149e-01,
    2.222219843214978396e-01,
    1.818357216161805012e-01,
    1.531383769920937332e-01,
    1.479819860511658591e-01,
)
_EXP2 = (
    0.6931471805599453,
    0.24022650695910097,
    0.0555041086648216,
    0.009618129107606888,
    0.0013333558146416936,
    0.0001540353044173605,
    1.525273382983612e-05,
    1.321544258792169e-06,
    1.0178062445845774e-07,
    7.072585949269223e-09,
    4.4549605981865186e-10,
)
"""(2^r - 1) / r on \\|r\\| <= 1/2, to 2e-17."""
_LOG2 = (
    0.9617966939259854,
    0.5770780163470651,
    0.4121985855959412,
    0.3205985547571299,
    0.26233349383212967,
    0.22093197705627815,
    0.21349287741691675,
)
"""The coefficients of the logarithm over log(2)."""
_ROOT_HALF = 0.7071067811865476
_OFFSET = 1024


def exponential(v: Vector, x: Value) -> Value:
    """Return exp(x), saturating outside -708 to 709."""
    low, high = v.number(-708.0), v.number(709.0)
    x = v.select(v.compare("<", x, low), low, x)
    x = v.select(v.compare(">", x, high), high, x)
    shifted = v.fma(x, v.number(1.4426950408889634), v.number(_SHIFTER))
    k = v.sub(shifted, v.number(_SHIFTER))
    r = v.sub(x, v.mul(k, v.number(_LN2_HIGH)))
    r = v.sub(r, v.mul(k, v.number(_LN2_LOW)))
    tail = v.polynomial(r, _EXP)
    value = v.add(v.number(1.0), v.fma(v.mul(r, r), tail, r))
    exponent = v.builder.shl(v.as_whole(shifted), v.integer(52))
    scale = v.as_real(v.builder.add(exponent, v.integer(1023 << 52)))
    return v.mul(value, scale)


def _normal_logarithm(v: Vector, x: Value) -> Value:
    """Return log(x) of a positive, finite, normal number."""
    b = v.builder
    whole = v.as_whole(x)
    offset = b.sub(whole, v.integer(bits(0.7071067811865476)))
    power_of_two = b.ashr(offset, v.integer(52))
    k = v.as_real(b.add(power_of_two, v.integer(bits(_SHIFTER))))
    k = v.sub(k, v.number(_SHIFTER))
    mantissa = b.sub(whole, b.and_(offset, v.integer(-(1 << 52))))
    f = v.sub(v.as_real(mantissa), v.number(1.0))
    s = v.div(f, v.add(f, v.number(2.0)))
    z = v.mul(s, s)
    r = v.mul(z, v.polynomial(z, _LOG))
    half_square = v.mul(v.mul(f, f), v.number(0.5))
    low = v.fma(k, v.number(_LN2_LOW), v.mul(s, v.add(half_square, r)))
    inner = v.sub(v.sub(half_square, low), f)
    return v.sub(v.mul(k, v.number(_LN2_HIGH)), inner)


def logarithm(v: Vector, x: Value) -> Value:
    """Return log(x): minus infinity at zero, NaN below."""
    smallest = v.number(2.2250738585072014e-308)
    value = _normal_logarithm(v, x)
    zero = v.select(
        v.compare("<", x, v.number(0.0)),
        v.number(float("nan")),
        v.number(-float("inf")),
    )
    value = v.select(v.compare("<", x, smallest), zero, value)
    # Infinity and NaN are their own logarithms.
    usual = v.compare("<", x, v.number(float("inf")))
    return v.select(usual, value, x)


def logarithm2(v: Vector, x: Value) -> Value:
    """Return the base-2 logarithm of a positive, finite, normal number."""
    b = v.builder
    # The exponent is kept positive, since AVX2 has no arithmetic shift.
    offset = b.add(v.as_whole(x), v.integer((_OFFSET << 52) - bits(_ROOT_HALF)))
    exponent = b.lshr(offset, v.integer(52))
    k = v.as_real(b.or_(exponent, v.integer(bits(_SHIFTER))))
    k = v.sub(k, v.number(_SHIFTER + _OFFSET))
    fraction = b.and_(offset, v.integer((1 << 52) - 1))
    mantissa = v.as_real(b.add(fraction, v.integer(bits(_ROOT_HALF))))
    one = v.number(1.0)
    s = v.div(v.sub(mantissa, one), v.add(mantissa, one))
    z = v.mul(s, s)
    slope = v.fma(z, v.polynomial(z, _LOG2), v.number(2.8853900817779268))
    return v.fma(s, slope, k)


def exponential2(v: Vector, x: Value) -> Value:
    """Return 2 to the power x, saturating outside -1000 to 1022; NaN for NaN."""
    low, high = v.number(-1000.0), v.number(1022.0)
    x = v.select(v.compare("<", x, low), low, x)
    x = v.select(v.compare(">", x, high), high, x)
    shifted = v.add(x, v.number(_SHIFTER))
    r = v.sub(x, v.sub(shifted, v.number(_SHIFTER)))
    value = v.fma(r, v.polynomial(r, _EXP2), v.number(1.0))
    exponent = v.builder.shl(v.as_whole(shifted), v.integer(52))
    scale = v.as_real(v.builder.add(exponent, v.integer(1023 << 52)))
    return v.mul(value, scale)


def power_of_size(v: Vector, x: Value, h: Value) -> Value:
    """Return the size of x to the power h; a size below 1e-300 counts as that.

    Zero to a power above zero is zero.
    """
    least = v.number(1e-300)
    size = v.intrinsic("fabs", x)
    size = v.select(v.compare("<", size, least), least, size)
    poison = v.sub(x, x)  # NaN where x is NaN or infinite, whose bits mean nothing
    value = exponential2(v, v.fma(h, logarithm2(v, size), poison))
    zero = v.number(0.0)
    none = v.builder.and_(v.compare("==", x, zero), v.compare(">", h, zero))
    return v.select(none, zero, value)


def parity(v: Vector, h: Value) -> Value:
    """Return 1 where h is even, -1 where it is odd and 0 elsewhere."""
    half = v.mul(h, v.number(0.5))
    even = v.compare("==", v.intrinsic("floor", half), half)
    whole = v.compare("==", v.intrinsic("floor", h), h)
    odd = v.select(whole, v.number(-1.0), v.number(0.0))
    return v.select(even, v.number(1.0), odd)


def power(v: Vector, x: Value, h: Value) -> Value:
    """Return x to the power h; NaN if x is negative and h is not whole."""
    size = power_of_size(v, x, h)
    sign = parity(v, h)
    none = v.compare("==", sign, v.number(0.0))
    signed = v.select(none, v.number(float("nan")), v.mul(sign, size))
    return v.select(v.compare("<", x, v.number(0.0)), signed, size)
