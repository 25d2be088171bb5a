"""A COMBINE archive: a model, the experiment on it, and what they are.

References
----------
.. [1] Bergmann FT, Adams R, Moodie S et al. (2014). COMBINE archive and OMEX format:
   one file to share all information to reproduce a modeling project. BMC Bioinformatics
   15:369. doi:10.1186/s12859-014-0369-z
"""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree as Xml

__all__ = ["EXPERIMENT", "MODEL", "write_archive"]

MODEL, EXPERIMENT, METADATA = "model.xml", "experiment.sedml", "metadata.rdf"
_OMEX = "http://identifiers.org/combine.specifications/omex"
_MANIFEST = "http://identifiers.org/combine.specifications/omex-manifest"
_FORMATS = {
    MODEL: "http://identifiers.org/combine.specifications/sbml.level-3.version-2",
    EXPERIMENT: "http://identifiers.org/combine.specifications/sed-ml.level-1.version-4",
    METADATA: "http://identifiers.org/combine.specifications/omex-metadata",
}
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_TERMS = "http://purl.org/dc/terms/"
_VCARD = "http://www.w3.org/2006/vcard/ns#"
_CREATOR = "The Oestra developers"
_START_OF_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def write_archive(
    file: Path, *, sbml: str, sedml: str, title: str, description: str
) -> None:
    """Write an archive; the same content gives the same bytes.

    Parameters
    ----------
    file : Path
        Where.
    sbml, sedml : str
        The model and the experiment.
    title, description : str
        What the metadata say of the archive.
    """
    contents = {
        "manifest.xml": _manifest(),
        MODEL: sbml,
        EXPERIMENT: sedml,
        METADATA: _metadata({"title": title, "description": description}),
    }
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in contents.items():
            # A clock in the archive would make every copy of it differ.
            entry = zipfile.ZipInfo(name, date_time=_START_OF_ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, text.encode())


def _manifest() -> str:
    root = Xml.Element("omexManifest", xmlns=_OMEX + "-manifest")
    Xml.SubElement(root, "content", location=".", format=_OMEX)
    Xml.SubElement(root, "content", location="./manifest.xml", format=_MANIFEST)
    for name, kind in _FORMATS.items():
        master = str(name == EXPERIMENT).lower()
        Xml.SubElement(
            root, "content", location=f"./{name}", format=kind, master=master
        )
    return _text(root)


def _metadata(terms: Mapping[str, str]) -> str:
    names = {"xmlns:rdf": _RDF, "xmlns:dcterms": _TERMS, "xmlns:vCard": _VCARD}
    root = Xml.Element("rdf:RDF", names)
    about = Xml.SubElement(root, "rdf:Description", {"rdf:about": "."})
    for name, value in terms.items():
        Xml.SubElement(about, f"dcterms:{name}").text = value
    creator = Xml.SubElement(about, "dcterms:creator", {"rdf:parseType": "Resource"})
    Xml.SubElement(creator, "vCard:organization-name").text = _CREATOR
    return _text(root)


def _text(root: Xml.Element) -> str:
    Xml.indent(root)
    body = Xml.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'
