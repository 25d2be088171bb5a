"""``define.xml``: what the tables of a trial hold, for people and programs.

References
----------
.. [1] CDISC (2019). Define-XML Specification, version 2.1.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from oestra.cdisc.dictionary import Codelist, Dataset, Dictionary, Variable
from oestra.cdisc.stamp import UNDATED, item_oid, metadata_oid, study_oid

__all__ = ["write_define"]

_ODM = "http://www.cdisc.org/ns/odm/v1.3"
_DEF = "http://www.cdisc.org/ns/def/v2.1"
_XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"
_TYPES = {"text": "text", "integer": "integer", "float": "float", "date": "integer"}
_NUMBERS = {"STRATARN", "CNSR"}


def _add(parent: ET.Element, name: str, **given: str) -> ET.Element:
    """Add an element; a prefix of names stands before two underscores."""
    spaces = {"def": _DEF, "xlink": _XLINK, "xml": _XML}

    def full(word: str, *, element: bool) -> str:
        prefix, _, rest = word.rpartition("__")
        if prefix:
            return f"{{{spaces[prefix]}}}{rest}"
        return f"{{{_ODM}}}{word}" if element else word

    attributes = {full(key, element=False): value for key, value in given.items()}
    return ET.SubElement(parent, full(name, element=True), attributes)


def _say(parent: ET.Element, text: str, name: str = "Description") -> None:
    said = _add(_add(parent, name), "TranslatedText", xml__lang="en")
    said.text = text


def _standards(version: ET.Element) -> None:
    standards = _add(version, "def__Standards")
    _add(
        standards,
        "def__Standard",
        OID="STD.ADAM",
        Name="ADaMIG",
        Type="IG",
        Version="1.3",
        Status="Final",
    )


def _repeats(dataset: Dataset) -> str:
    return "No" if dataset.kind.startswith("SUBJECT") else "Yes"


def _group(version: ET.Element, one: Dataset, suffix: str, *, empty: bool) -> None:
    file = f"{one.name.lower()}.{suffix}"
    group = _add(
        version,
        "ItemGroupDef",
        OID=f"IG.{one.name}",
        Name=one.name,
        SASDatasetName=one.name,
        Repeating=_repeats(one),
        IsReferenceData="No",
        Purpose="Analysis",
        def__Structure=one.structure,
        def__StandardOID="STD.ADAM",
        def__ArchiveLocationID=f"LF.{one.name}",
        **({"def__HasNoData": "Yes"} if empty else {}),
    )
    _say(group, one.label)
    for number, variable in enumerate(one.variables, start=1):
        keyed = variable.name in one.keys
        key = {"KeySequence": str(one.keys.index(variable.name) + 1)} if keyed else {}
        derived = variable.origin == "Derived"
        method = {"MethodOID": f"MT.{one.name}.{variable.name}"} if derived else {}
        _add(
            group,
            "ItemRef",
            ItemOID=item_oid(one, variable),
            OrderNumber=str(number),
            Mandatory="Yes" if keyed and variable.name != "TRLNKID" else "No",
            **key,
            **method,
        )
    kind = _add(group, "def__Class", Name=one.kind)
    if one.subkind:
        _add(kind, "def__SubClass", Name=one.subkind)
    leaf = _add(group, "def__leaf", ID=f"LF.{one.name}", xlink__href=file)
    _add(leaf, "def__title").text = file


def _item(version: ET.Element, dataset: Dataset, one: Variable) -> None:
    number = {"SignificantDigits": "15"} if one.type == "float" else {}
    shown = {"def__DisplayFormat": "DATE9."} if one.type == "date" else {}
    assigned = one.origin == "Assigned"
    comment = {"def__CommentOID": f"COM.{dataset.name}.{one.name}"} if assigned else {}
    length = {"float": 17, "text": one.length}.get(one.type, 8)
    item = _add(
        version,
        "ItemDef",
        OID=item_oid(dataset, one),
        Name=one.name,
        SASFieldName=one.name,
        DataType=_TYPES[one.type],
        Length=str(length),
        **number,
        **shown,
        **comment,
    )
    _say(item, one.label)
    if one.codelist:
        _add(item, "CodeListRef", CodeListOID=f"CL.{one.codelist}")
    source = {} if one.origin == "Predecessor" else {"Source": "Sponsor"}
    origin = _add(item, "def__Origin", Type=one.origin, **source)
    if one.origin == "Predecessor":
        _say(origin, one.derivation)


def _codelist(version: ET.Element, one: Codelist) -> None:
    numeric = all(term.isdigit() for term in one.terms) and one.id in _NUMBERS
    found = _add(
        version,
        "CodeList",
        OID=f"CL.{one.id}",
        Name=one.name,
        DataType="integer" if numeric else "text",
        **({} if one.code else {"def__IsNonStandard": "Yes"}),
    )
    for term, meaning in one.terms.items():
        extended = {"def__ExtendedValue": "Yes"} if term in one.extended else {}
        item = _add(found, "CodeListItem", CodedValue=term, **extended)
        _say(item, meaning, "Decode")
    if one.code:
        _add(found, "Alias", Context="nci:ExtCodeID", Name=one.code)


def _columns(known: Dictionary) -> Iterator[tuple[Dataset, Variable]]:
    for dataset in known.datasets.values():
        for variable in dataset.variables:
            yield dataset, variable


def write_define(
    place: Path,
    known: Dictionary,
    *,
    study: str,
    title: str,
    suffix: str,
    empty: Sequence[str] = (),
) -> None:
    """Write the metadata of the tables of a trial.

    Parameters
    ----------
    place : Path
        The file.
    known : Dictionary
        Tables without variables that repeat.
    study, title : str
        Name of the trial, and one line about it.
    suffix : str
        Ending of the files to which it points.
    empty : sequence of str
        Tables without a row.
    """
    for prefix, space in (("", _ODM), ("def", _DEF), ("xlink", _XLINK)):
        ET.register_namespace(prefix, space)
    root = ET.Element(
        f"{{{_ODM}}}ODM",
        {
            "FileType": "Snapshot",
            "FileOID": f"oestra.{study}.define",
            "ODMVersion": "1.3.2",
            "CreationDateTime": UNDATED,
            "Originator": "Oestra",
            f"{{{_DEF}}}Context": "Other",
        },
    )
    trial = _add(root, "Study", OID=study_oid(study))
    names = _add(trial, "GlobalVariables")
    _add(names, "StudyName").text = study
    _add(names, "StudyDescription").text = f"Simulated: {title}"
    _add(names, "ProtocolName").text = study
    version = _add(
        trial,
        "MetaDataVersion",
        OID=metadata_oid(study),
        Name=f"{study}, virtual trial",
        Description="Tables of a virtual trial; no data of real patients",
        def__DefineVersion="2.1.0",
    )
    _standards(version)
    for one in known.datasets.values():
        _group(version, one, suffix, empty=one.name in empty)
    for dataset, variable in _columns(known):
        _item(version, dataset, variable)
    used = {variable.codelist for _, variable in _columns(known)}
    for codelist in known.codelists.values():
        if codelist.id in used:
            _codelist(version, codelist)
    _explain(version, known)
    ET.indent(root)
    ET.ElementTree(root).write(place, encoding="UTF-8", xml_declaration=True)


def _explain(version: ET.Element, known: Dictionary) -> None:
    """Add how variables are derived, and what is said of those assigned."""
    for dataset, one in _columns(known):
        if one.origin == "Derived":
            method = _add(
                version,
                "MethodDef",
                OID=f"MT.{dataset.name}.{one.name}",
                Name=f"Derivation of {dataset.name}.{one.name}",
                Type="Computation",
            )
            _say(method, one.derivation)
    for dataset, one in _columns(known):
        if one.origin == "Assigned":
            comment = _add(
                version, "def__CommentDef", OID=f"COM.{dataset.name}.{one.name}"
            )
            _say(comment, one.derivation)
