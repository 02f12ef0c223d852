"""Every role, deed and scope: the table of rights held against one that is written here by hand, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from geo.access import RIGHTS, Deed, Role, Scope, Viewer, may, refuse_unless, scope_of
from geo.model import RefusedError

OWN, OTHER = "35", "72"

# own province, another one, the whole programme
EXPECTED: dict[str, dict[str, str]] = {
    "administrator": dict.fromkeys(
        ("see_public", "see_clear", "see_counts", "import", "undo", "export_public", "export_internal", "decide",
         "read_log", "manage_users", "configure"),
        "yyy",
    ),
    "viewer": {
        "see_public": "yyy", "see_clear": "yyy", "see_counts": "yyy", "import": "---", "undo": "---",
        "export_public": "yyy", "export_internal": "yyy", "decide": "yyy", "read_log": "---", "manage_users": "---",
        "configure": "---",
    },
    "coordinator": {
        "see_public": "yyy", "see_clear": "y--", "see_counts": "y--", "import": "y--", "undo": "y--",
        "export_public": "yyy", "export_internal": "y--", "decide": "y--", "read_log": "---", "manage_users": "---",
        "configure": "---",
    },
    "verifier": {
        "see_public": "yyy", "see_clear": "y--", "see_counts": "---", "import": "---", "undo": "y--",
        "export_public": "yyy", "export_internal": "y--", "decide": "---", "read_log": "---", "manage_users": "---",
        "configure": "---",
    },
    "auditor": {
        "see_public": "yyy", "see_clear": "---", "see_counts": "---", "import": "---", "undo": "---",
        "export_public": "---", "export_internal": "---", "decide": "---", "read_log": "--y", "manage_users": "---",
        "configure": "---",
    },
    "guest": {
        "see_public": "yyy", "see_clear": "---", "see_counts": "---", "import": "---", "undo": "---",
        "export_public": "yyy", "export_internal": "---", "decide": "---", "read_log": "---", "manage_users": "---",
        "configure": "---",
    },
}  # fmt: skip


def cells() -> Iterator[tuple[Role, Deed, Scope, bool]]:
    for role, deeds in EXPECTED.items():
        for deed, marks in deeds.items():
            for scope, mark in zip((Scope.OWN, Scope.OTHER, Scope.WHOLE), marks, strict=True):
                yield Role(role), Deed(deed), scope, mark == "y"


def place(scope: Scope) -> str | None:
    return {Scope.OWN: OWN, Scope.OTHER: OTHER, Scope.WHOLE: None}[scope]


def test_the_table_written_here_has_a_cell_for_every_role_deed_and_scope(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(list(cells())) == len(Role) * len(Deed) * len(Scope)
    with capsys.disabled():
        width = max(map(len, Deed))
        print("\n\nRights: own province, another province, the whole programme")
        print(" " * width, *(f"{role:>13}" for role in Role))
        for deed in Deed:
            marks = [
                "".join("y" if may(Viewer("x", role, (OWN,)), deed, place(scope)) else "-" for scope in Scope)
                for role in Role
            ]
            print(f"{deed:<{width}}", *(f"{mark:>13}" for mark in marks))


@pytest.mark.parametrize(("role", "deed", "scope", "allowed"), list(cells()))
def test_a_right_is_what_the_table_says(role: Role, deed: Deed, scope: Scope, allowed: bool) -> None:
    viewer = Viewer("seseorang", role, (OWN,))
    assert scope_of(viewer, place(scope)) is scope
    assert may(viewer, deed, place(scope)) is allowed
    if allowed:
        refuse_unless(viewer, deed, place(scope))
    else:
        with pytest.raises(RefusedError, match="does not allow"):
            refuse_unless(viewer, deed, place(scope))


def test_what_does_not_stand_in_the_table_is_refused() -> None:
    viewer = Viewer("seseorang", Role.ADMINISTRATOR)
    assert not may(viewer, "destroy")  # type: ignore[arg-type]  # a deed that nobody wrote down
    assert not may(Viewer("seseorang", "owner"), Deed.SEE_PUBLIC)  # type: ignore[arg-type]  # nor this role


def test_one_province_that_is_not_allowed_refuses_the_whole_request() -> None:
    viewer = Viewer("seseorang", Role.COORDINATOR, (OWN,))
    with pytest.raises(RefusedError, match=OTHER):
        refuse_unless(viewer, Deed.IMPORT, OWN, OTHER)


def test_an_account_without_provinces_owns_none() -> None:
    viewer = Viewer("seseorang", Role.COORDINATOR)
    assert not any(may(viewer, deed, OWN) for deed in (Deed.SEE_CLEAR, Deed.IMPORT, Deed.UNDO))


def test_only_the_administrator_may_give_rights() -> None:
    assert [role for role, deeds in RIGHTS.items() if Deed.MANAGE_USERS in deeds] == [Role.ADMINISTRATOR]
