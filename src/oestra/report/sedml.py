"""Time courses of one model under several conditions, as SED-ML Level 1 Version 4.

References
----------
.. [1] Smith LP, Bergmann FT, Garny A et al. (2021). The simulation experiment
   description markup language (SED-ML): language specification for level 1 version 4.
   Journal of Integrative Bioinformatics 18:20210021. doi:10.1515/jib-2021-0021
"""

from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as Xml

from oestra.culture.readout import Readout
from oestra.network.specimen import Specimen, TimeCourse

__all__ = ["to_sedml"]

_SEDML = "http://sed-ml.org/sed-ml/level1/version4"
_SBML = "http://www.sbml.org/sbml/level3/version2/core"
_MATHML = "http://www.w3.org/1998/Math/MathML"
_LANGUAGE = "urn:sedml:language:sbml.level-3.version-2"
_TIME = "urn:sedml:symbol:time"
_CVODE, _RELATIVE, _ABSOLUTE = "KISAO:0000019", "KISAO:0000209", "KISAO:0000211"
_STEPS = 100
_TOLERANCES = {_RELATIVE: "1e-8", _ABSOLUTE: "1e-11"}


def to_sedml(
    courses: Sequence[TimeCourse],
    readouts: Sequence[Readout],
    *,
    species: frozenset[str],
    source: str,
) -> str:
    """Describe simulations, what is read from them, and its tables and plots.

    Parameters
    ----------
    courses : sequence of TimeCourse
        The first is the model in the source; the others are written as changes of it.
    readouts : sequence of Readout
        What to read, each from every course.
    species : frozenset of str
        Symbols that are species; all others are parameters.
    source : str
        Where the model is, relative to the description.

    Returns
    -------
    str
        One table a course and one plot a readout.
    """
    return _Document(courses, readouts, species, source).text()


class _Document:
    """Builds one description from the top down."""

    def __init__(
        self,
        courses: Sequence[TimeCourse],
        readouts: Sequence[Readout],
        species: frozenset[str],
        source: str,
    ) -> None:
        self.courses, self.readouts = courses, readouts
        self.species, self.source = species, source
        # The prefix is used inside attributes only, which no library looks at.
        names = {"xmlns": _SEDML, "xmlns:sbml": _SBML, "level": "1", "version": "4"}
        self.root = Xml.Element("sedML", names)

    def text(self) -> str:
        self.models()
        self.simulations()
        self.tasks()
        self.generators()
        self.outputs()
        Xml.indent(self.root)
        body = Xml.tostring(self.root, encoding="unicode")
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'

    def models(self) -> None:
        models = Xml.SubElement(self.root, "listOfModels")
        first = self.courses[0].specimen
        for course in self.courses:
            model = Xml.SubElement(
                models,
                "model",
                id=f"model_{course.id}",
                name=course.specimen.title,
                language=_LANGUAGE,
                source=self.source,
            )
            changes = list(self.changes(first, course.specimen))
            if changes:
                Xml.SubElement(model, "listOfChanges").extend(changes)

    def changes(self, base: Specimen, own: Specimen) -> Iterator[Xml.Element]:
        for old, new in ((base.values, own.values), (base.states, own.states)):
            for symbol, value in new.items():
                if old.get(symbol) != value:
                    yield Xml.Element(
                        "changeAttribute",
                        target=f"{self.address(symbol)}/@{self.attribute(symbol)}",
                        newValue=repr(float(value)),
                    )

    def simulations(self) -> None:
        simulations = Xml.SubElement(self.root, "listOfSimulations")
        for days in dict.fromkeys(course.days for course in self.courses):
            one = Xml.SubElement(
                simulations,
                "uniformTimeCourse",
                id=self.simulation(days),
                name=f"{days:g} days",
                initialTime="0",
                outputStartTime="0",
                outputEndTime=repr(float(days)),
                numberOfSteps=str(_STEPS),
            )
            solver = Xml.SubElement(one, "algorithm", kisaoID=_CVODE)
            settings = Xml.SubElement(solver, "listOfAlgorithmParameters")
            for term, value in _TOLERANCES.items():
                Xml.SubElement(
                    settings, "algorithmParameter", kisaoID=term, value=value
                )

    def simulation(self, days: float) -> str:
        lengths = list(dict.fromkeys(course.days for course in self.courses))
        return f"simulation_{lengths.index(days) + 1}"

    def tasks(self) -> None:
        tasks = Xml.SubElement(self.root, "listOfTasks")
        for course in self.courses:
            Xml.SubElement(
                tasks,
                "task",
                id=course.id,
                modelReference=f"model_{course.id}",
                simulationReference=self.simulation(course.days),
            )

    def generators(self) -> None:
        generators = Xml.SubElement(self.root, "listOfDataGenerators")
        for course in self.courses:
            self.generator(generators, course.id, "time", "time, days", None)
            for one in self.readouts:
                label = f"{course.id}, {one.label or one.name}"
                unit = "" if one.unit == "1" else f" ({one.unit})"
                self.generator(generators, course.id, one.name, label + unit, one)

    def generator(
        self,
        parent: Xml.Element,
        task: str,
        what: str,
        label: str,
        readout: Readout | None,
    ) -> None:
        name = f"{task}__{what}"
        one = Xml.SubElement(parent, "dataGenerator", id=name, name=label)
        variables = Xml.SubElement(one, "listOfVariables")
        found = []
        for symbol in ("time",) if readout is None else readout.symbols:
            found.append(f"{name}__{symbol}")
            target = (
                {"symbol": _TIME}
                if readout is None
                else {"target": self.address(symbol)}
            )
            Xml.SubElement(
                variables,
                "variable",
                {"id": found[-1], "taskReference": task, **target},
            )
        math = Xml.SubElement(one, "math", xmlns=_MATHML)
        math.append(_formula(found, readout))

    def outputs(self) -> None:
        outputs = Xml.SubElement(self.root, "listOfOutputs")
        for course in self.courses:
            report = Xml.SubElement(
                outputs, "report", id=f"table_{course.id}", name=course.specimen.title
            )
            sets = Xml.SubElement(report, "listOfDataSets")
            for what in ("time", *(one.name for one in self.readouts)):
                Xml.SubElement(
                    sets,
                    "dataSet",
                    id=f"column_{course.id}__{what}",
                    label=what,
                    dataReference=f"{course.id}__{what}",
                )
        for readout in self.readouts:
            self.plot(outputs, readout)

    def plot(self, outputs: Xml.Element, readout: Readout) -> None:
        plot = Xml.SubElement(
            outputs, "plot2D", id=f"plot_{readout.name}", name=readout.text
        )
        curves = Xml.SubElement(plot, "listOfCurves")
        for course in self.courses:
            Xml.SubElement(
                curves,
                "curve",
                id=f"curve_{course.id}__{readout.name}",
                name=course.id,
                type="points",
                xDataReference=f"{course.id}__time",
                yDataReference=f"{course.id}__{readout.name}",
            )
        unit = "" if readout.unit == "1" else f" ({readout.unit})"
        Xml.SubElement(plot, "xAxis", type="linear", name="days")
        Xml.SubElement(plot, "yAxis", type="linear", name=readout.name + unit)

    def address(self, symbol: str) -> str:
        """Return the XPath of a symbol in the model."""
        kind = "species" if symbol in self.species else "parameter"
        many = "listOfSpecies" if kind == "species" else "listOfParameters"
        return f"/sbml:sbml/sbml:model/sbml:{many}/sbml:{kind}[@id='{symbol}']"

    def attribute(self, symbol: str) -> str:
        return "initialAmount" if symbol in self.species else "value"


def _formula(variables: Sequence[str], readout: Readout | None) -> Xml.Element:
    """Return scale * product of the variables, or scale * exp of it."""
    formula = _apply("times", [_leaf("ci", name) for name in variables])
    if readout is not None and readout.exponential:
        formula = _apply("exp", [formula])
    if readout is not None and readout.scale != 1.0:
        formula = _apply("times", [_leaf("cn", repr(readout.scale)), formula])
    return formula


def _leaf(tag: str, text: str) -> Xml.Element:
    element = Xml.Element(tag)
    element.text = text
    return element


def _apply(operator: str, operands: Sequence[Xml.Element]) -> Xml.Element:
    if operator == "times" and len(operands) == 1:
        return operands[0]
    element = Xml.Element("apply")
    Xml.SubElement(element, operator)
    element.extend(operands)
    return element
