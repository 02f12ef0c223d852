"""What the set-up promises: pinned packages, guarded defaults, a legible theme, and make targets that work."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from hashlib import sha256
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
RUNTIME = ROOT / "requirements.txt"
CHECKS = ROOT / "tests" / "requirements.txt"
LOCK = ROOT / ".ci" / "run.lock"
CHECKS_LOCK = ROOT / ".ci" / "tests.lock"
LOCKED = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[0-9][0-9A-Za-z.]*)(?: ; [^\\]+)? \\\n")
FINGERPRINT = re.compile(r"--hash=sha256:[0-9a-f]{64}\b")
PIN = re.compile(r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>[0-9][0-9A-Za-z.]*)(?:; [^#]+?)?(?P<reason>\s+# \S.*)?")

AA = 4.5
"""Least contrast of text by WCAG 2.2, success criterion 1.4.3."""


def plain(name: str) -> str:
    """A package's name as pip compares names."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(file: Path) -> dict[str, str]:
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    found = [PIN.fullmatch(line) for line in lines]
    assert all(found), [line for line, match in zip(lines, found, strict=True) if not match]
    return {plain(match["name"]): match["version"] for match in found if match}


def settings() -> dict[str, Any]:
    return tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


# --- packages ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", [RUNTIME, CHECKS])
def test_each_required_package_has_one_version_and_a_reason(file: Path) -> None:
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    assert lines
    for line in lines:
        match = PIN.fullmatch(line)
        assert match, line
        assert match["reason"], line


def locked(file: Path) -> dict[str, tuple[str, int]]:
    """Each package of a lock with its version and how many fingerprints of its files there are."""
    entries = re.split(r"\n(?=\S)", file.read_text(encoding="utf-8"))
    found = [LOCKED.match(entry) for entry in entries if not entry.startswith("#")]
    assert all(found)
    return {match["name"]: (match["version"], len(FINGERPRINT.findall(match.string))) for match in found if match}


@pytest.mark.parametrize(("file", "required"), [(LOCK, (RUNTIME,)), (CHECKS_LOCK, (RUNTIME, CHECKS))])
def test_a_lock_holds_every_required_package_in_the_same_version_with_fingerprints(
    file: Path, required: tuple[Path, ...]
) -> None:
    held = locked(file)
    wanted = {name: version for one in required for name, version in pins(one).items()}
    assert {name: held.get(name, ("missing", 0))[0] for name in wanted} == wanted
    assert len(held) > len(wanted) + 20  # what they need in turn, too
    assert [name for name, (_, fingerprints) in held.items() if not fingerprints] == []


def test_the_checks_run_on_the_versions_that_people_run() -> None:
    checks = locked(CHECKS_LOCK)
    assert {name: checks.get(name) for name in locked(LOCK)} == locked(LOCK)


def tiny_wheel(folder: Path, content: str) -> str:
    """Write a package into ``folder``; its SHA-256."""
    file, told = folder / "lokal-1.0-py3-none-any.whl", "lokal-1.0.dist-info"
    with zipfile.ZipFile(file, "w") as wheel:
        wheel.writestr("lokal.py", content)
        wheel.writestr(f"{told}/METADATA", "Metadata-Version: 2.1\nName: lokal\nVersion: 1.0\n")
        wheel.writestr(f"{told}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{told}/RECORD", f"lokal.py,,\n{told}/METADATA,,\n{told}/WHEEL,,\n{told}/RECORD,,\n")
    return sha256(file.read_bytes()).hexdigest()


@pytest.mark.parametrize("option", ["--require-hashes", ""])
def test_a_package_exchanged_for_another_of_the_same_version_is_installed_only_without_fingerprints(
    tmp_path: Path, option: str
) -> None:
    assert "-m pip install" in (made := (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert made.count("--require-hashes -r $(") == 2  # both installations
    fingerprint = tiny_wheel(tmp_path, "GOOD = True")
    tiny_wheel(tmp_path, "GOOD = False")
    lock = f"lokal==1.0 --hash=sha256:{fingerprint}\n" if option else "lokal==1.0\n"
    (tmp_path / "lock").write_text(lock, encoding="utf-8")
    command = [sys.executable, "-m", "pip", "install", "--isolated", "--no-index", "--find-links", tmp_path]
    done = subprocess.run(
        [*command, "--target", tmp_path / "into", *([option] if option else []), "-r", tmp_path / "lock"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode == 0) == (not option), done.stderr
    assert (tmp_path / "into" / "lokal.py").exists() == (not option)
    if option:
        assert "DO NOT MATCH THE HASHES" in done.stderr


def test_whatever_the_code_imports_is_a_required_package() -> None:
    distributions = packages_distributions()
    files = [ROOT / "app.py", *ROOT.glob("geo/**/*.py"), *ROOT.glob("pages/**/*.py")]
    missing = {
        f"{file.relative_to(ROOT)}: {name}"
        for file in files
        for name in imported(file)
        if name not in sys.stdlib_module_names
        and name not in {"geo", "pages", "app", "__future__"}
        and not {plain(distribution) for distribution in distributions.get(name, [name])} & set(pins(RUNTIME))
    }
    assert missing == set()


def imported(file: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            first = node.args[0] if node.args else None
            if called in {"files", "import_module"} and isinstance(first, ast.Constant):
                names.add(str(first.value).split(".")[0])  # data of a package, or a package by its name
    return names


def test_a_package_used_only_for_its_data_counts_as_imported(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("from importlib.resources import files\nfiles('some_font') / 'x'", encoding="utf-8")
    assert imported(tmp_path / "a.py") == {"importlib", "some_font"}


def test_no_file_of_the_set_up_names_another_machine() -> None:
    for file in (
        RUNTIME,
        CHECKS,
        LOCK,
        CHECKS_LOCK,
        ROOT / "Makefile",
        ROOT / ".ci" / "run",
        ROOT / ".streamlit" / "config.toml",
    ):
        addresses = re.findall(r"\w+://[^\s\"']+|index-url|find-links", file.read_text(encoding="utf-8"))
        assert [address for address in addresses if not address.startswith("http://127.0.0.1")] == [], file


# --- defaults ----------------------------------------------------------------------------------------------------


def test_the_server_is_guarded_by_default() -> None:
    server = settings()["server"]
    assert server["address"] == "127.0.0.1"
    assert server["port"] == 8501
    assert server["headless"] is True
    assert server["maxUploadSize"] == 50
    assert server["enableXsrfProtection"] is True
    assert server["enableCORS"] is True


def test_nothing_is_sent_to_the_makers_of_streamlit_and_no_detail_to_viewers() -> None:
    assert settings()["browser"]["gatherUsageStats"] is False
    assert settings()["client"]["showErrorDetails"] == "none"


def test_streamlit_knows_every_option_that_is_set() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "streamlit", "config", "show"], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert shown.returncode == 0
    assert "not a valid config option" not in shown.stdout + shown.stderr
    assert "WARNING" not in shown.stderr.upper(), shown.stderr
    assert '\naddress = "127.0.0.1"' in shown.stdout


# --- the theme ---------------------------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb`` as WCAG 2.2 defines it, 0 to 1."""
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_of_the_theme_is_legible_on_every_surface(mode: str) -> None:
    theme = settings()["theme"][mode]
    surfaces = [theme["backgroundColor"], theme["secondaryBackgroundColor"], theme["sidebar"]["backgroundColor"]]
    texts = ["textColor", "linkColor", *(f"{hue}Color" for hue in ("red", "orange", "green", "blue", "violet", "gray"))]
    weak = {
        (name, surface): round(contrast(theme[name], surface), 2)
        for name in texts
        for surface in surfaces
        if contrast(theme[name], surface) < AA
    }
    assert weak == {}
    assert contrast(theme["dataframeHeaderTextColor"], theme["dataframeHeaderBackgroundColor"]) >= AA


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_white_words_on_a_primary_button_are_legible(mode: str) -> None:
    assert contrast(settings()["theme"][mode]["primaryColor"], "#ffffff") >= AA


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_marks_of_charts_stand_out_from_the_page(mode: str) -> None:
    theme = settings()["theme"][mode]
    for colour in (theme["primaryColor"], *theme["chartCategoricalColors"]):
        assert contrast(colour, theme["backgroundColor"]) >= 3, colour  # WCAG 2.2, success criterion 1.4.11


# --- make --------------------------------------------------------------------------------------------------------


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """The Makefile and the lists of packages alone, with a Python that only writes down what it is asked to do."""
    for name in ("Makefile", "requirements.txt", "tests/requirements.txt", ".ci/run.lock", ".ci/tests.lock"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (tmp_path / "bin").mkdir()
    return tmp_path


def plant_python(house: Path, name: str, *, new_enough: bool, makes_pip: bool = True) -> None:
    """Put a stand-in for Python into ``house/bin``: it answers the question for its age and makes a ``.venv``."""
    pip = 'cp "$0" .venv/bin/pip' if makes_pip else ":"
    script = f"""#!/bin/sh
echo "{name} $*" >> asked.txt
case "$*" in
  *version_info*) exit {0 if new_enough else 1} ;;
  "-m venv .venv") mkdir -p .venv/bin && cp "$0" .venv/bin/python && {pip} ;;
esac
"""
    file = house / "bin" / name
    file.write_text(script, encoding="utf-8")
    file.chmod(0o755)


def make(house: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = f"{house / 'bin'}:/usr/bin:/bin"
    return subprocess.run(
        ["make", *arguments],
        cwd=house,
        env={"PATH": path, "HOME": str(house), "LANG": "C"},
        capture_output=True,
        text=True,
        timeout=60,
    )


def hide_pythons(house: Path) -> None:
    for name in ("python3.14", "python3.13", "python3.12", "python3.11", "python3"):
        plant_python(house, name, new_enough=False)


def test_make_run_installs_once_and_again_only_when_the_requirements_change(house: Path) -> None:
    hide_pythons(house)
    plant_python(house, "python3.12", new_enough=True)
    installs = []
    for change in (None, None, "requirements.txt"):
        if change:
            newer = (house / ".venv" / ".installed").stat().st_mtime + 5
            os.utime(house / change, (newer, newer))
        (house / "asked.txt").write_text("")
        assert make(house, "run").returncode == 0
        asked = (house / "asked.txt").read_text()
        assert "-m streamlit run app.py" in asked
        installs.append(asked.count("-m pip install"))
    assert installs == [1, 0, 1]


def test_make_run_takes_the_lock_along(house: Path) -> None:
    hide_pythons(house)
    plant_python(house, "python3.11", new_enough=True)
    make(house, "run")
    assert "--require-hashes -r .ci/run.lock" in (house / "asked.txt").read_text()


def test_make_run_says_what_is_missing_when_every_python_is_too_old(house: Path) -> None:
    hide_pythons(house)
    refused = make(house, "run")
    assert refused.returncode != 0
    assert "Python 3.11 or newer is needed" in refused.stderr
    assert not (house / ".venv").exists()


def test_make_run_leaves_no_half_made_environment_behind(house: Path) -> None:
    hide_pythons(house)
    plant_python(house, "python3", new_enough=True, makes_pip=False)
    refused = make(house, "run")
    assert refused.returncode != 0
    assert "apt-get install python3-venv" in refused.stderr
    assert not (house / ".venv").exists()


def test_the_automatic_check_is_the_one_people_run() -> None:
    run = ROOT / ".ci" / "run"
    assert os.access(run, os.X_OK)
    assert run.read_text(encoding="utf-8").rstrip().endswith("exec make test")
