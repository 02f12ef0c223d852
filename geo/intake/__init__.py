"""From a stranger's file to accepted rows: read, recognise, check, commit, undo."""
