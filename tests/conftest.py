"""What holds for every test."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def main_module_as_before() -> Iterator[None]:
    """Give back ``__main__``: Streamlit's AppTest puts the screen there, and what a later test spawns would run it."""
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before
