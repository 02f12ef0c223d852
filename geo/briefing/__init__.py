"""Gather a briefing and write it as an atlas (PDF), a deck (PPTX) and an annex (XLSX), all with the same figures.

``contents.briefing`` gathers, ``parts`` name what it is made of; ``words`` and ``matrix`` also serve the screens.
"""
