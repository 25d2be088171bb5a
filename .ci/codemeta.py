"""Write codemeta.json from pyproject.toml and CITATION.cff, for archives and catalogs.

Usage: uv run python .ci/codemeta.py
"""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "codemeta.json"


def _requirement(text: str) -> dict[str, str]:
    """Return a package that the program needs, with the versions that do."""
    name, versions = re.fullmatch(r"([\w.-]+)(.*)", text).groups()
    return {"@type": "SoftwareApplication", "name": name, "version": versions}


def _author(one: dict[str, str]) -> dict[str, str]:
    """Return a person or, where there is but one name, an entity of CITATION.cff."""
    if "name" in one:
        return {"@type": "Organization", "name": one["name"]}
    person = {"givenName": one["given-names"], "familyName": one["family-names"]}
    known = {"@id": one["orcid"]} if "orcid" in one else {}
    return {"@type": "Person", **known, **person}


def metadata() -> dict[str, Any]:
    """Return what both files say, in the terms of CodeMeta 3."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)["project"]
    cited = YAML(typ="safe").load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    return {
        "@context": "https://w3id.org/codemeta/3.0",
        "@type": "SoftwareSourceCode",
        "name": cited["title"],
        "identifier": project["name"],
        "version": project["version"],
        "dateModified": str(cited["date-released"]),
        "description": cited["abstract"].strip(),
        "license": f"https://spdx.org/licenses/{project['license']}",
        "author": [_author(one) for one in cited["authors"]],
        "keywords": cited["keywords"],
        "programmingLanguage": {"@type": "ComputerLanguage", "name": "Python"},
        "runtimePlatform": f"Python {project['requires-python']}",
        "softwareRequirements": [_requirement(one) for one in project["dependencies"]],
        "readme": project["readme"],
    }


def written() -> str:
    """Return the text of codemeta.json."""
    return json.dumps(metadata(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    TARGET.write_text(written(), encoding="utf-8")
