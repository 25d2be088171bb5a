"""Speed against SciPy's LSODA and scikit-sundae's CVODE, both with compiled equations.

The right-hand side and the Jacobian are compiled by Numba from the same expression
graph. Run: ``python benchmarks/against_scipy_and_sundials.py [cell|signaling]``.
"""

import sys
import time

import numba
import numpy as np
from against_roadrunner import cell, ensemble, signaling
from scipy.integrate import solve_ivp
from sksundae.cvode import CVODE

from oestra.solve import compile_model
from oestra.solve.expression import Expression, walk
from oestra.solve.program import prepare

DAYS, LANES, FEW = 730.0, 1024, 12
READOUTS = np.linspace(0.0, DAYS, 13)
SIGNS = {"add": "+", "sub": "-", "mul": "*", "div": "/", "lt": "<"}


def line(node: Expression, names: dict[Expression, str]) -> str:
    args = [names[a] for a in node.args]
    if node.op in SIGNS:
        return f"{args[0]} {SIGNS[node.op]} {args[1]}"
    if node.op == "neg":
        return f"-{args[0]}"
    if node.op == "power_of_size":
        return f"abs({args[0]}) ** {args[1]}"
    if node.op == "parity":  # whole exponents do not meet negative bases here
        return "0.0"
    if node.op == "select":
        return f"{args[1]} if {args[0]} else {args[2]}"
    return f"{node.op}({', '.join(args)})"


def python(roots: dict[str, Expression], name: str):
    """Compile expressions into a Numba function f(t, y, p, out)."""
    names: dict[Expression, str] = {}
    text = [f"def {name}(t, y, p, out):"]
    for node in walk(roots.values()):
        if node.op in ("state", "parameter"):
            names[node] = f"{node.op[0]}[{node.index}]".replace("s[", "y[")
        elif node.op == "const":
            names[node] = repr(node.value)
        elif node.op == "time":
            names[node] = "t"
        else:
            names[node] = f"v{len(names)}"
            text.append(f"    {names[node]} = {line(node, names)}")
    text += [f"    out[{place}] = {names[node]}" for place, node in roots.items()]
    space = {"exp": np.exp, "log": np.log, "sqrt": np.sqrt}
    exec("\n".join(text), space)  # noqa: S102 - text of this function
    return numba.njit(space[name], error_model="numpy")


def worst(path: np.ndarray, reference: np.ndarray) -> float:
    return float(np.max(np.abs(path - reference) / (np.abs(reference) + 1e-3)))


def lsoda(f, jacobian, y, p):
    n = len(y)

    def rates(t, state):
        out = np.empty(n)
        f(t, state, p, out)
        return out

    def slopes(t, state):
        out = np.zeros((n, n))
        jacobian(t, state, p, out)
        return out

    found = solve_ivp(
        rates, (0, DAYS), y, "LSODA", READOUTS, jac=slopes, rtol=1e-5, atol=1e-9
    )
    return found.y.T


def cvode(f, jacobian, y, p):
    def rates(t, state, out):
        f(t, state, p, out)

    def slopes(t, state, _, out):
        out[:] = 0.0
        jacobian(t, state, p, out)

    options = {"rtol": 2e-6, "atol": 1e-9, "jacfn": slopes, "max_num_steps": 10**6}
    return CVODE(rates, **options).solve(READOUTS, y).y


def main() -> None:
    name = sys.argv[1] if len(sys.argv) > 1 else "signaling"
    model, _ = {"cell": cell, "signaling": signaling}[name]()
    p = ensemble(model, LANES)
    y = np.tile(model.initial, (LANES, 1))
    program = prepare(model, (), {})
    f = python({str(k): node for k, node in enumerate(program.rhs)}, "rates")
    entries = {f"{i}, {j}": node for (i, j), node in program.jacobian.items()}
    jacobian = python(entries, "slopes")
    kernel = compile_model(model, model.states)
    exact = kernel.advance(
        y[:FEW], p[:FEW], 0, DAYS, rtol=1e-9, atol=1e-12, at=READOUTS, method="rodas5p"
    ).outputs
    ours, errors = {}, {}
    for rtol in (3e-4, 1e-4, 5e-5, 3e-5, 1e-5):
        options = {"rtol": rtol, "atol": rtol * 1e-3, "at": READOUTS, "threads": 1}
        spent = []
        for _ in range(3):
            began = time.process_time()
            path = kernel.advance(y, p, 0, DAYS, **options).outputs[:FEW]
            spent.append(time.process_time() - began)
        ours[rtol] = min(spent) / LANES
        errors[rtol] = np.quantile(list(map(worst, path, exact)), 0.99)
    for peer in (lsoda, cvode):
        peer(f, jacobian, y[0], p[0])  # compiles
        began = time.process_time()
        paths = [peer(f, jacobian, y[k], p[k]) for k in range(FEW)]
        spent = (time.process_time() - began) / FEW
        error = np.quantile(list(map(worst, paths, exact)), 0.99)
        fair = [rtol for rtol in ours if errors[rtol] <= error] or [min(ours)]
        print(
            f"{peer.__name__:6} {spent / ours[fair[0]]:6.1f}x  p99 error "
            f"{errors[fair[0]]:.1e} against {error:.1e}  "
            f"{1e3 * ours[fair[0]]:.4f} against {1e3 * spent:.2f} ms per lane"
        )


if __name__ == "__main__":
    main()
