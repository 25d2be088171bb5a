"""A synthetic signaling model of 72 states, used until and beside the real one.

It has the shapes of a cell model (receptors, kinase cascades, transcription, cell
cycle, slow adaptation, clones of a tumor) and rate constants over nine decades. Its
biology is invented; only its cost is meant to be like that of the real model.
"""

from dataclasses import dataclass, field

import numpy as np

from oestra.solve.expression import Expression, as_expression, const, parameter, state
from oestra.solve.model import OdeModel

RECEPTORS = ("egfr", "her2", "her3", "igf1r", "er")
CASCADE = (
    "pi3k", "pip3", "akt", "mtorc1", "mtorc2", "s6k", "irs1", "ras", "raf", "mek",
    "erk", "rsk", "gsk3", "foxo", "src",
)  # fmt: skip
GENES = (
    "cyclin_d", "cyclin_e", "p21", "p27", "e2f", "myc", "dusp", "pgr", "bcl2",
    "igf1r_pool", "her3_pool",
)  # fmt: skip
DRUGS = (
    "tamoxifen", "fulvestrant", "letrozole", "gefitinib", "lapatinib", "everolimus",
    "alpelisib", "palbociclib",
)  # fmt: skip


@dataclass
class Sketch:
    """Collects reactions twice: as expression graphs and as Antimony text."""

    states: dict[str, float] = field(default_factory=dict)
    values: dict[str, float] = field(default_factory=dict)
    reactions: list[tuple[list[str], list[str], Expression]] = field(
        default_factory=list
    )

    def species(self, name: str, initial: float = 0.0) -> Expression:
        self.states.setdefault(name, initial)
        return state(list(self.states).index(name))

    def constant(self, name: str, value: float) -> Expression:
        self.values.setdefault(name, value)
        return parameter(list(self.values).index(name))

    def react(self, left: str, right: str, rate: Expression) -> None:
        self.reactions.append((left.split(), right.split(), rate))

    def model(self) -> OdeModel:
        total = dict.fromkeys(self.states, const(0.0))
        for left, right, rate in self.reactions:
            for name in left:
                total[name] = total[name] - rate
            for name in right:
                total[name] = total[name] + rate
        return OdeModel(
            name="signaling",
            states=tuple(self.states),
            parameters=tuple(self.values),
            initial=np.array(list(self.states.values())),
            values=np.array(list(self.values.values())),
            rhs=tuple(total.values()),
            outputs={},
            digest="signaling",
        )

    def antimony(self, rules: dict[str, str] | None = None) -> str:
        names = list(self.states), list(self.values)
        lines = ["model signaling()", "compartment c = 1;"]
        lines += [f"species {s} in c; {s} = {v!r};" for s, v in self.states.items()]
        lines += [f"{p} = {v!r};" for p, v in self.values.items()]
        for k, (left, right, rate) in enumerate(self.reactions):
            sides = f"{' + '.join(left)} -> {' + '.join(right)}"
            lines.append(f"r{k}: {sides}; {infix(rate, *names)};")
        lines += [f"{name} := {text};" for name, text in (rules or {}).items()]
        return "\n".join([*lines, "end"])


_SIGNS = {"add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "^"}


def infix(node: Expression, states: list[str], parameters: list[str]) -> str:
    if node.op == "const":
        return repr(node.value)
    if node.op in ("state", "parameter"):
        return (states if node.op == "state" else parameters)[node.index]
    args = [infix(a, states, parameters) for a in node.args]
    if node.op in _SIGNS:
        return f"({args[0]} {_SIGNS[node.op]} {args[1]})"
    return f"(-{args[0]})" if node.op == "neg" else f"{node.op}({', '.join(args)})"


def _spread(k: int, low: float, high: float) -> float:
    """Return the k-th of numbers spread evenly over the decades of a range."""
    share = (k * 0.6180339887498949) % 1.0
    return float(low * (high / low) ** share)


def sketch() -> Sketch:
    """Build the model; time in days, concentrations in nM."""
    s = Sketch()
    for drug in DRUGS:
        s.constant(drug, 1.0)
    count = iter(range(10_000))

    def k(name: str, low: float, high: float) -> Expression:
        return s.constant(name, _spread(next(count), low, high))

    def blocked(drug: str, half: float = 2.0) -> Expression:
        ic50 = s.constant(f"ic50_{drug}", half)
        return as_expression(1.0) / (1.0 + s.constant(drug, 1.0) / ic50)

    def hill(x: Expression, name: str, half: float, power: float) -> Expression:
        h = s.constant(f"h_{name}", power)
        top = x**h
        return top / (s.constant(f"k_{name}", half) ** h + top)

    _receptors(s, k, blocked)
    _cascade(s, k, blocked)
    _genes(s, k, hill, blocked)
    _tumor(s, k, hill)
    return s


def _receptors(s, k, blocked) -> None:
    inhibitors = dict(
        zip(RECEPTORS, ("gefitinib", "lapatinib", "lapatinib", None, None), strict=True)
    )
    for name in RECEPTORS:
        free, bound = s.species(f"{name}_free", 20.0), s.species(f"{name}_bound")
        dimer, active = s.species(f"{name}_dimer"), s.species(f"{name}_active")
        inside = s.species(f"{name}_inside")
        ligand = s.constant(f"ligand_{name}", 0.8)
        stop = blocked(inhibitors[name]) if inhibitors[name] else const(1.0)
        if name == "er":
            stop = blocked("tamoxifen") * blocked("fulvestrant", 4.0)
            ligand = ligand * blocked("letrozole", 0.5)
        s.react("", f"{name}_free", k(f"ks_{name}", 5.0, 50.0))
        s.react(f"{name}_free", "", k(f"kd_{name}", 0.5, 2.0) * free)
        bind = k(f"kf_{name}", 50.0, 500.0) * ligand * free
        s.react(
            f"{name}_free", f"{name}_bound", bind - k(f"kr_{name}", 50, 400) * bound
        )
        pair = k(f"kp_{name}", 5.0, 50.0) * bound * bound
        back = k(f"ku_{name}", 50.0, 300.0) * dimer
        s.react(f"{name}_bound {name}_bound", f"{name}_dimer", pair - back)
        s.react(
            f"{name}_dimer", f"{name}_active", k(f"kc_{name}", 50, 900) * stop * dimer
        )
        s.react(
            f"{name}_active",
            f"{name}_dimer",
            k(f"vp_{name}", 50, 500) * active / (k(f"kp2_{name}", 1, 10) + active),
        )
        s.react(f"{name}_active", f"{name}_inside", k(f"ki_{name}", 2.0, 20.0) * active)
        s.react(
            f"{name}_inside",
            f"{name}_bound {name}_bound",
            k(f"kb_{name}", 1, 8) * inside,
        )
        s.react(f"{name}_inside", "", k(f"kx_{name}", 0.5, 4.0) * inside)


def _cascade(s, k, blocked) -> None:
    up = {
        "pi3k": "egfr_active her3_active igf1r_active irs1_p",
        "pip3": "pi3k_p", "akt": "pip3_p mtorc2_p", "mtorc1": "akt_p rsk_p",
        "mtorc2": "pip3_p", "s6k": "mtorc1_p", "irs1": "igf1r_active",
        "ras": "egfr_active her2_active src_p", "raf": "ras_p", "mek": "raf_p",
        "erk": "mek_p", "rsk": "erk_p", "gsk3": "akt_p", "foxo": "akt_p",
        "src": "her2_active er_active",
    }  # fmt: skip
    drug = {"pi3k": "alpelisib", "mtorc1": "everolimus"}
    for name in CASCADE:
        s.species(name, 50.0)
        s.species(f"{name}_p")
    for name in CASCADE:
        off, on = s.species(name), s.species(f"{name}_p")
        drive = k(f"basal_{name}", 1e-3, 1e-1)
        for source in up[name].split():
            drive = drive + k(f"w_{name}_{source}", 0.5, 8.0) * s.species(source)
        if name in drug:
            drive = drive * blocked(drug[name])
        if name == "irs1":
            drive = drive / (1.0 + s.species("s6k_p") / s.constant("ki_s6k_irs1", 10.0))
        s.react(name, f"{name}_p", drive * off / (k(f"km_{name}", 5.0, 50.0) + off))
        phosphatase = k(f"vd_{name}", 30.0, 300.0) * on
        if name == "erk":
            phosphatase = phosphatase * (1.0 + 0.02 * s.species("dusp", 1.0))
        s.react(f"{name}_p", name, phosphatase / (k(f"kd_{name}", 5.0, 50.0) + on))


def _genes(s, k, hill, blocked) -> None:
    drivers = {
        "cyclin_d": ("er_active", "erk_p"), "cyclin_e": ("e2f", "myc"),
        "p21": ("foxo", "foxo"), "p27": ("foxo", "foxo"), "e2f": ("rb_p", "rb_p"),
        "myc": ("erk_p", "er_active"), "dusp": ("erk_p", "erk_p"),
        "pgr": ("er_active", "er_active"), "bcl2": ("er_active", "akt_p"),
        "igf1r_pool": ("er_active", "er_active"), "her3_pool": ("foxo", "foxo"),
    }  # fmt: skip
    s.species("rb", 30.0)
    s.species("rb_p")
    for name in GENES:
        x = s.species(name, 1.0)
        first, second = drivers[name]
        drive = hill(s.species(first), f"{name}_{first}", 8.0, 1.7)
        if second != first:
            drive = drive + hill(s.species(second), f"{name}_{second}", 6.0, 1.4)
        s.react("", name, k(f"kb_{name}", 0.5, 2.0) + k(f"kt_{name}", 20, 120) * drive)
        s.react(name, "", k(f"kdeg_{name}", 4.0, 30.0) * x)
    rb, rb_p = s.species("rb"), s.species("rb_p")
    for cyclin, drug in (("cyclin_d", "palbociclib"), ("cyclin_e", None)):
        stop = blocked(drug) if drug else const(1.0)
        inhibitor = 1.0 + s.species("p21") / s.constant(f"ki_p21_{cyclin}", 5.0)
        v = s.constant(f"kcat_{cyclin}_rb", 12.0) * s.species(cyclin) * stop / inhibitor
        s.react("rb", "rb_p", v * rb / (s.constant(f"km_{cyclin}_rb", 10.0) + rb))
    s.react("rb_p", "rb", s.constant("vd_rb", 90.0) * rb_p / (12.0 + rb_p))


def _tumor(s, k, hill) -> None:
    adapt = s.species("adapt_rtk", 0.1), s.species("adapt_er", 0.1)
    for name, x, source in zip(
        ("rtk", "er"), adapt, ("erk_p", "er_active"), strict=True
    ):
        loss = s.constant(f"kadapt_{name}", 0.02)
        s.react(
            "",
            f"adapt_{name}",
            loss * (1.0 - hill(s.species(source), f"ad_{name}", 5.0, 2.5)),
        )
        s.react(f"adapt_{name}", "", loss * x)
    dying = s.species("dying", 0.01)
    for clone in ("sensitive", "mutant", "bypass"):
        x = s.species(f"clone_{clone}", 1.0 if clone == "sensitive" else 1e-3)
        drive = hill(s.species("rb_p"), f"grow_{clone}", 12.0, 2.2)
        birth = s.constant(f"growth_{clone}", 0.012) * drive * x
        room = 1.0 - x / s.constant("capacity", 1e3)
        s.react("", f"clone_{clone}", birth * room)
        death = s.constant(f"death_{clone}", 0.004) * x
        s.react(f"clone_{clone}", "dying", death / (1.0 + s.species("bcl2") / 10.0))
    s.react("dying", "", k("clearance", 0.05, 0.2) * dying)
