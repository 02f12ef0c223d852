"""Hear from a page only what it has to say, and remember for whom a file was made.

The framework takes every message of every page, signed in or not, for what it is: emptying the kept answers of all
viewers, writing files beside the program, a file made for another session. It has no hook for it, so its runtime is
put behind ours when the server starts.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Final

from streamlit.logger import get_logger
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime import Runtime
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.session_manager import SessionClient

from geo.access import LOCAL_ADMINISTRATOR, Viewer
from geo.serving.people import Claims
from pages.parts import entry

FOR_ALL: Final = frozenset({"rerun_script", "stop_script", "app_heartbeat"})
"""What also a page may say whose viewer stands before the door: run, which shows the door, and that it is there."""

FOR_VIEWERS: Final = FOR_ALL | {"file_urls_request", "backend_operation_request"}
"""What a viewer's page may say; to the last one belongs what stands in ``_OPERATIONS``."""

_OPERATIONS: Final = frozenset({"deferred_file", "dataframe_chunk"})
_KEPT: Final = 4_096
_log: Final = get_logger("sinergisitas")


def viewer_of(session_id: str) -> Viewer | None:
    """Whose session it is, ``None`` for one that is not open, or whose viewer may not come in (any more)."""
    if entry.settings().entry is None:
        return LOCAL_ADMINISTRATOR
    claims = _claims_of(session_id)
    return entry.verdict_on(claims).viewer if claims is not None else None


def _claims_of(session_id: str) -> Claims | None:
    session = Runtime.instance().get_app_session(session_id) if Runtime.exists() else None
    return entry.claims_of(session._user_info) if session is not None else None


class Handed:
    """Files that were made when their button was pressed, and for whom: the framework forgets it at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._accounts: OrderedDict[str, set[str]] = OrderedDict()

    def note(self, file_id: str, account: str) -> None:
        """A file was made for an account; the same bytes under the same name are one file."""
        with self._lock:
            known = self._accounts.pop(file_id, set())
            self._accounts[file_id] = known | {account}
            while len(self._accounts) > _KEPT:
                self._accounts.popitem(last=False)

    def is_for(self, file_id: str, account: str) -> bool:
        """Whether a file was made for an account."""
        with self._lock:
            return account in self._accounts.get(file_id, ())


HANDED: Final = Handed()


def may_say(session_id: str, message: BackMsg) -> bool:
    """Whether the page of a session may say this."""
    kind = message.WhichOneof("type")
    if kind in FOR_ALL:
        return True
    if kind not in FOR_VIEWERS or viewer_of(session_id) is None:
        return False
    if kind != "backend_operation_request":
        return True
    asked = message.backend_operation_request
    operation = asked.WhichOneof("payload")
    if operation == "deferred_file":
        made = Runtime.instance().media_file_mgr._deferred_callables.get(asked.deferred_file.file_id)
        return made is not None and made["session_id"] == session_id
    return operation in _OPERATIONS


def put_behind(runtime: Runtime) -> None:
    """Let each message pass ``may_say``, and note in ``HANDED`` for whom files are made; once, at the start."""
    hear, files = runtime.handle_backmsg, runtime.media_file_mgr
    make = files.execute_deferred

    def heard(session_id: str, msg: BackMsg, *, client: SessionClient | None = None) -> None:
        if may_say(session_id, msg):
            hear(session_id, msg, client=client)
        else:
            _log.info("A page said what it may not: %s", msg.WhichOneof("type"))

    def made(file_id: str) -> str:
        found = files._deferred_callables.get(file_id)
        viewer = viewer_of(found["session_id"]) if found else None
        if viewer is not None and (wait := entry.wait_s("export", viewer.account)):
            raise MediaFileStorageError(f"too many exports: again in {wait} s")  # the page says that it failed
        url = make(file_id)
        if viewer is not None:
            HANDED.note(id_in(url), viewer.account)
        return url

    runtime.handle_backmsg = heard  # type: ignore[method-assign]  # there is no hook
    files.execute_deferred = made  # type: ignore[method-assign]  # as above


def id_in(address: str) -> str:
    """The id of a file in its address, such as ``/media/0f1e.csv``."""
    name = address.rpartition("/")[2]
    return name.rpartition(".")[0] or name
