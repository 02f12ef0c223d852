"""Stand at the beginning of a child: put it under its limits, and only then load what does the work."""

from __future__ import annotations

import importlib
import os
from pathlib import Path

from geo.intake.guard import confine, taken_task


def main() -> None:
    """Do the task that lies in the folder that this process stands in, see ``geo.intake.guard.run_apart``."""
    module, job, limits = taken_task(Path.cwd())
    confine(limits)
    importlib.import_module(module).work(job, limits)


if __name__ == "__main__":
    main()
    os._exit(0)  # everything is written; to take millions of cells apart one by one would only cost time
