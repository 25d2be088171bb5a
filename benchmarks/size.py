"""Reading, preparing and running random networks of 50 to 5,000 species.

Run: ``python benchmarks/size.py [species ...]``. Each size runs in a process of its
own, so that its peak of memory is its own.
"""

import resource
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np

from oestra.solve.integrator import integrator
from oestra.solve.pieces import integrate_pieces
from oestra.solve.sbml import read_sbml
from oestra.solve.settings import Settings

SIZES = (50, 100, 300, 500, 2000, 5000)
END = 10.0
MATH = '<math xmlns="http://www.w3.org/1998/Math/MathML">'


def network(species: int) -> str:
    """Return a network of twice as many reactions, of rates from 0.001 to 1000."""
    draw = np.random.default_rng(1)
    text = [
        '<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" '
        'version="2"><model id="net"><listOfCompartments><compartment id="c" size="1" '
        'constant="true"/></listOfCompartments><listOfSpecies>'
    ]
    text += [
        f'<species id="S{k}" compartment="c" initialConcentration='
        f'"{draw.uniform(0.1, 2.0):.4f}" hasOnlySubstanceUnits="false" '
        'boundaryCondition="false" constant="false"/>'
        for k in range(species)
    ]
    text.append("</listOfSpecies><listOfParameters>")
    text += [
        f'<parameter id="k{k}" value="{10 ** draw.uniform(-3, 3):.5g}" '
        'constant="true"/>'
        for k in range(2 * species)
    ]
    text.append("</listOfParameters><listOfReactions>")
    for k in range(2 * species):
        some = draw.choice(species, 3, replace=False)
        split = (1, 2, 1)[k % 3]
        ends = some[:split], some[split : 2 if k % 3 == 0 else 3]
        sides = (
            "".join(
                f'<speciesReference species="S{s}" stoichiometry="1" constant="true"/>'
                for s in end
            )
            for end in ends
        )
        left, right = sides
        law = "".join(f"<ci>S{s}</ci>" for s in ends[0])
        text.append(
            f'<reaction id="R{k}" reversible="false"><listOfReactants>{left}'
            f"</listOfReactants><listOfProducts>{right}</listOfProducts><kineticLaw>"
            f"{MATH}<apply><times/><ci>c</ci><ci>k{k}</ci>{law}</apply></math>"
            "</kineticLaw></reaction>"
        )
    return "".join([*text, "</listOfReactions></model></sbml>"])


def measure(species: int) -> None:
    text = network(species)
    read_sbml(network(5))  # what is loaded once
    clock = [time.process_time()]
    model = read_sbml(text)
    clock.append(time.process_time())
    names = tuple(model.ode.states)
    said: list[str] = []
    ode = replace(model.ode, outputs={})
    kernel = integrator(ode, names, events=(), tell=said.append)
    clock.append(time.process_time())
    y, p = model.start({})
    times = np.linspace(0.0, END, 101)
    _, outcome = integrate_pieces(kernel, y, p, times, Settings(threads=1))
    clock.append(time.process_time())
    assert outcome.tolist() == [0]
    reading, preparing, running = np.diff(clock)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"| {species:,} | {type(kernel).__name__} | {reading:.1f} | {preparing:.1f} | "
        f"{running:.2f} | {peak:.0f} |",
        flush=True,
    )


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        measure(int(sys.argv[2]))
        return
    print("| species | path | read, s | prepare, s | run, s | peak, MB |")
    print("|---|---|---|---|---|---|", flush=True)
    for species in map(int, sys.argv[1:] or SIZES):
        # No input from outside: this file, and a number.
        command = [sys.executable, __file__, "--one", str(species)]
        subprocess.run(command, check=True)  # noqa: S603


if __name__ == "__main__":
    main()
