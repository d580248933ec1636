"""The borders of the house: packages declared, one direction of imports, nothing printed by the library."""

from __future__ import annotations

import ast
import configparser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "graph" / "maille").rglob("*.py"))
BEFORE_THE_WALL = {"annotate", "resolve", "extract", "values", "language", "model", "inputs"}
AFTER_THE_WALL = {"rdf", "store", "query", "export", "view", "serve"}


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def test_packages_are_those_of_the_folders() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    folders = {".".join(p.parent.relative_to(ROOT / "graph").parts) for p in SOURCES if p.name == "__init__.py"}
    assert set(config["options"]["packages"].split()) == folders | {"maille.ontology"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT / "graph")))
def test_the_wall_stands(path: Path) -> None:
    part = path.relative_to(ROOT / "graph" / "maille").parts[0]
    roots = {name.split(".")[0] for name in imports(path)}
    if part in BEFORE_THE_WALL:
        assert not roots & {"rdflib", "pyoxigraph"}
    if part in AFTER_THE_WALL:
        assert "spacy" not in roots
    if part not in ("cli", "conduct.py", "__main__.py"):
        tree = ast.parse(path.read_text("utf-8"))
        calls = {n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
        assert "print" not in calls
