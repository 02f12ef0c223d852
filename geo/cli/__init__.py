"""Commands of ``python -m geo`` that need a module of their own."""
