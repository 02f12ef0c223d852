"""Imports run one way: app -> pages -> geo's upper parts -> geo.progress -> geo.regions -> geo.model."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

ARROWS: dict[str, tuple[str, ...]] = {
    "model": (),
    "offline": ("model",),
    "shipped": (),
    "lane": (),
    "programmes": ("model",),
    "locale": ("model",),
    "regions": ("model",),
    "store": ("model",),
    "sample": ("regions", "model"),
    "progress": ("regions", "model"),
    "thresholds": ("progress", "model"),
    "access": ("progress", "regions", "locale", "model"),
    "drawing": ("progress", "regions", "offline", "programmes", "locale", "model"),
    "intake": ("export", "progress", "regions", "store", "programmes", "locale", "model"),
    "export": ("access", "drawing", "progress", "regions", "store", "programmes", "locale", "model"),
    "briefing": ("export", "drawing", "progress", "regions", "programmes", "locale", "model"),
    "finder": ("model",),
    "gather": (
        "__version__",
        "access",
        "briefing",
        "drawing",
        "progress",
        "store",
        "programmes",
        "thresholds",
        "locale",
        "model",
    ),
    "jobs": ("model",),
    "milestones": ("progress", "store", "model"),
    "decisions": ("intake", "progress", "regions", "store", "model"),
    "stories": ("intake", "store", "model"),
    "published": ("access", "progress", "store", "model"),
    "writing": ("access", "decisions", "stories", "intake", "milestones", "store", "model"),
    "room": (
        "access",
        "briefing",
        "decisions",
        "drawing",
        "gather",
        "progress",
        "regions",
        "store",
        "stories",
        "writing",
        "programmes",
        "locale",
        "model",
    ),
    "serving": ("access", "model"),
    "startup": ("sample", "store", "regions", "programmes", "model"),
}
"""Each part of ``geo`` with the other parts it may import. A new part gets its line here."""

FREE = ("__main__", "cli")
"""The command line may use all of ``geo``."""

PURE = ("model", "progress")
"""Parts that read no file, no clock and no database."""

OUTSIDE = {
    "os",
    "io",
    "pathlib",
    "shutil",
    "tempfile",
    "subprocess",
    "socket",
    "sqlite3",
    "sqlalchemy",
    "time",
    "requests",
}
SCREEN = {"streamlit", "streamlit_folium"}
CLOCKS = {"now", "utcnow", "today"}


def module_name(file: Path, root: Path) -> str:
    parts = file.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(tree: ast.AST, module: str, *, is_package: bool) -> Iterator[tuple[int, str]]:
    """Line and full name of everything imported, also inside functions, relatively, or by ``import_module("...")``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = module.split(".")[: None if is_package else -1]
                kept = parents[: len(parents) - node.level + 1]
                base = ".".join([*kept, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and isinstance(called := node.args[0] if node.args else None, ast.Constant):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in {"import_module", "__import__"} and isinstance(called.value, str):
                yield node.lineno, called.value


def part_of(module: str) -> str:
    """``geo.store.schema`` belongs to ``store``; ``geo`` itself to the empty part."""
    return module.split(".")[1] if "." in module else ""


def violations(root: Path) -> list[str]:
    """Each import (or look at a clock) in ``root`` that goes against the arrows, as ``file:line: reason``."""
    found = []
    for file in sorted([*root.glob("*.py"), *root.glob("geo/**/*.py"), *root.glob("pages/**/*.py")]):
        module = module_name(file, root)
        tree = ast.parse(file.read_text(encoding="utf-8"))
        place = file.relative_to(root)
        reasons = [
            (line, reason)
            for line, name in imported(tree, module, is_package=file.name == "__init__.py")
            if (reason := objection(module, name))
        ]
        if module.startswith("geo.") and part_of(module) not in FREE:
            reasons += [(line, "reads the clock; let the date be passed in") for line in clock_lines(tree)]
        if module.startswith("geo.") and part_of(module) not in (*ARROWS, *FREE):
            reasons.append((1, f"geo.{part_of(module)} has no line in ARROWS"))
        found += [f"{place}:{line}: {reason}" for line, reason in sorted(reasons)]
    return found


def objection(module: str, name: str) -> str | None:
    """Why ``module`` may not import ``name``, ``None`` when it may."""
    top = name.split(".")[0]
    if module.split(".")[0] != "geo":
        if top == "app":
            return "imports app, which stands above it"
        return "imports the command line" if part_of(name) in FREE and top == "geo" else None
    if top in {"app", "pages", *SCREEN}:
        return f"imports {top}, which stands above geo"
    own, other = part_of(module), part_of(name)
    if own in PURE and (top in OUTSIDE or name.startswith("urllib.request")):
        return f"imports {top}, but geo.{own} is pure"
    if top != "geo" or own in FREE or other == own:
        return None
    if own == "":
        return "the package geo itself imports nothing of geo"
    return None if other in ARROWS.get(own, ()) else f"imports geo.{other}, which stands not below geo.{own}"


def clock_lines(tree: ast.AST) -> Iterator[int]:
    """Lines that call ``now()``, ``utcnow()``, ``today()`` or ``time.time()``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            whose = node.func.value
            if node.func.attr in CLOCKS or (
                isinstance(whose, ast.Name) and (whose.id, node.func.attr) == ("time", "time")
            ):
                yield node.lineno


def test_imports_run_one_way() -> None:
    assert violations(ROOT) == []


def test_the_checker_reads_the_whole_house() -> None:
    assert len(list(ROOT.glob("geo/**/*.py"))) > 10
    assert (ROOT / "app.py").is_file()
    assert (ROOT / "pages" / "frame.py").is_file()


@pytest.mark.parametrize(
    ("file", "text", "complaint"),
    [
        ("geo/store/a.py", "from geo.progress import position", "geo.progress, which stands not below geo.store"),
        ("geo/regions/a.py", "def f():\n    import geo.drawing.palette", "a.py:2: imports geo.drawing"),
        ("geo/regions/a.py", "from ..store import open_store", "imports geo.store"),
        ("geo/regions/__init__.py", "from .. import store", "imports geo.store"),
        ("geo/model.py", "from geo import regions", "imports geo.regions"),
        ("geo/sample/a.py", "from geo.store import open_store", "imports geo.store"),
        ("geo/drawing/a.py", "import streamlit as st", "imports streamlit, which stands above geo"),
        ("geo/drawing/a.py", "from streamlit_folium import st_folium", "imports streamlit_folium"),
        ("geo/drawing/a.py", "import importlib\nimportlib.import_module('streamlit')", "a.py:2: imports streamlit"),
        ("geo/progress/a.py", "from pathlib import Path", "geo.progress is pure"),
        ("geo/model.py", "import sqlalchemy.engine", "geo.model is pure"),
        ("geo/progress/a.py", "from datetime import date\ndate.today()", "a.py:2: reads the clock"),
        ("geo/store/a.py", "import time\ntime.time()", "a.py:2: reads the clock"),
        ("geo/store/a.py", "import pages.parts.queries", "imports pages"),
        ("pages/a.py", "import app", "imports app"),
        ("pages/a.py", "from geo.__main__ import main", "imports the command line"),
        ("geo/__init__.py", "from geo import model", "the package geo itself"),
        ("geo/newcomer.py", "", "geo.newcomer has no line in ARROWS"),
    ],
)
def test_a_planted_violation_is_found(tmp_path: Path, file: str, text: str, complaint: str) -> None:
    planted = tmp_path / file
    planted.parent.mkdir(parents=True)
    planted.write_text(text, encoding="utf-8")
    assert any(complaint in found for found in violations(tmp_path)), violations(tmp_path)


def test_what_the_arrows_allow_passes(tmp_path: Path) -> None:
    files = {
        "app.py": "import streamlit\nfrom pages.parts import queries\nfrom geo import offline",
        "pages/frame.py": "import streamlit as st\nfrom geo.store import open_store\nfrom pages.parts import queries",
        "geo/progress/a.py": "from geo.model import Status\nfrom .b import c\nimport pandas",
        "geo/drawing/a.py": "from geo.progress import position\nfrom geo.drawing import palette",
        "geo/__main__.py": "from datetime import datetime\nfrom geo import store, intake\ndatetime.now()",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert violations(tmp_path) == []
