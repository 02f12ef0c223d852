"""Stand between the network and the screens: who may connect, from where, how often, and what each may fetch.

Nothing here knows the screens' framework: these are layers of ASGI and the decisions behind them. ``app.py`` puts them
around the screens, in an order that it explains.
"""
