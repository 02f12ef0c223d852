"""Carry a meeting: the pages of a run from one briefing, drawn for a room, and the routes that serve them."""
