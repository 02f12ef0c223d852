"""Turn the bytes of an upload into sheets of raw cells, in a process of its own.

``source.read_source`` is what others call. ``python -m geo.intake.readers FOLDER`` is the process: it imports neither
pandas nor the store, so that it starts quickly and holds nothing worth taking.
"""
