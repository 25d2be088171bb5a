"""The fraction of the processor's floating-point peak that the engine reaches.

The peak is measured in the same run, by independent multiply-adds that stay in
registers. An addition, multiplication, division, comparison or power counts as one
operation, though a power costs sixty; data movement counts as none.
Run: ``python benchmarks/peak.py [cell|signaling]``.
"""

import sys
import time

import numpy as np
from against_roadrunner import cell, ensemble, signaling
from llvmlite import ir

from oestra.solve import compile_model
from oestra.solve.expression import walk
from oestra.solve.loops import loop
from oestra.solve.processor import host, link, translate
from oestra.solve.tableau import RODAS4
from oestra.solve.vector import POINTER, Vector

ROUNDS, CHAINS = 20_000_000, 12


def measured_peak() -> float:
    """Return floating-point operations per second of one core."""
    module = ir.Module("peak")
    kind = ir.FunctionType(ir.VoidType(), [POINTER, POINTER])
    function = ir.Function(module, kind, "peak")
    builder = ir.IRBuilder(function.append_basic_block("entry"))
    v = Vector(builder, host().width)
    factor, summand = v.load(function.args[0]), v.load(function.args[0], 1)
    entry = builder.block
    with loop(builder, ROUNDS):
        chains = [builder.phi(v.real) for _ in range(CHAINS)]
        for k, chain in enumerate(chains):
            chain.add_incoming(v.number(float(k)), entry)
            chain.add_incoming(v.fma(chain, factor, summand), builder.block)
    # The phis must stand at the head of the loop.
    head = chains[0].parent
    for chain in chains:
        head.instructions.remove(chain)
    top = next(b for b in function.blocks if b.name.startswith("loop"))
    for chain in reversed(chains):
        chain.parent = top
        top.instructions.insert(0, chain)
    for k, chain in enumerate(chains):
        v.store(chain, function.args[1], k)
    builder.ret_void()
    code = link(translate(str(module), host()), ("peak",), host())
    memory = np.zeros(8 * (CHAINS + 4) + 8)
    memory[:16] = 0.5
    address = -(-memory.ctypes.data // 64) * 64
    best = np.inf
    for _ in range(3):
        began = time.process_time()
        code.functions["peak"](address, address + 128)
        best = min(best, time.process_time() - began)
    return 2.0 * ROUNDS * CHAINS * host().width / best


def operations_per_step(program) -> int:
    """Count the operations of one Rodas4 step of one lane."""

    def count(roots) -> int:
        free = ("state", "parameter", "time", "const")
        hidden = program.invariants
        seen, stack, total = set(), list(roots), 0
        while stack:
            node = stack.pop()
            if node in seen or node in hidden or node.op in free:
                continue
            seen.add(node)
            stack.extend(node.args)
            total += 0 if node.op in ("select", "neg") else 1
        return total

    n, s = program.states, RODAS4.stages
    rates = count(program.rhs)
    both = count([*program.rhs, *program.jacobian.values()])
    plan = program.plan
    updates = sum(len(plan.upper[k]) for i in plan.order for k in plan.lower[i])
    lower = sum(map(len, plan.lower))
    factors = 2 * updates + lower + n + len(program.jacobian)
    solves = s * (2 * (lower + sum(map(len, plan.upper))) + n)
    weights = sum(
        (1 if RODAS4.extends(k) else 2 * len(RODAS4.a[k])) + 2 * len(RODAS4.m[k])
        for k in range(1, s)
    )
    return (s - 1) * (rates + n) + both + factors + solves + n * (weights + 14) + 60


def main() -> None:
    name = sys.argv[1] if len(sys.argv) > 1 else "signaling"
    model, _ = {"cell": cell, "signaling": signaling}[name]()
    kernel = compile_model(model)
    p = ensemble(model, 2048)
    best = np.inf
    for _ in range(5):
        began = time.process_time()
        result = kernel.advance(model.initial, p, 0.0, 730.0, threads=1)
        best = min(best, time.process_time() - began)
    steps = int((result.steps + result.rejected).sum())
    flops = operations_per_step(kernel.program)
    peak, rate = measured_peak(), steps * flops / best
    print(f"{name}: {flops} operations a step, {1e9 * best / steps:.0f} ns a step")
    print(
        f"{rate / 1e9:.1f} of {peak / 1e9:.1f} GF/s: {100 * rate / peak:.0f} % of peak"
    )
    print(f"{len(list(walk(kernel.program.rhs)))} nodes in the right-hand side")


if __name__ == "__main__":
    main()
