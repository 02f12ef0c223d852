"""Put figures into words, for the screens as for the briefing: headline figures, changes, plain sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from geo import regions
from geo.briefing.parts import Change, Figure
from geo.locale import MISSING, Translator
from geo.locale.terms import (
    category_name,
    change_name,
    checkpoint_name,
    next_step_text,
    rule_text,
    status_name,
    weighting_text,
)
from geo.model import Status
from geo.progress.action_plan import ActionPlan


def headline(rollup: pd.Series, t: Translator, *, silent_after_days: int) -> tuple[Figure, ...]:
    """The figures of a roll-up: progress against plan, late, silent, blocked, spend; each with its base."""
    sites = int(rollup["sites"])
    lag = rollup["deviation_points"]
    plan = t("plan {plan}", plan=t.percent(rollup["plan_percent"]))
    return (
        Figure(
            t("Realised against plan"),
            t.percent(rollup["actual_percent"]),
            plan if pd.isna(lag) else f"{'▼' if lag < 0 else '▲'} {t.points(lag)} · {plan}",
            base_note(rollup, t),
            None if pd.isna(lag) else bool(lag >= 0),
        ),
        Figure(
            t("Behind plan"),
            t.integer(rollup["late"]),
            t(
                "{critical} critical, {late} late, {watch} watch",
                critical=t.integer(rollup["kritis"]),
                late=t.integer(rollup["terlambat"]),
                watch=t.integer(rollup["waspada"]),
            ),
            t("of {sites} sites", sites=t.integer(sites)),
        ),
        Figure(
            t("Silent"),
            t.integer(rollup["silent"]),
            t("{count} never reported", count=t.integer(rollup["never_reported"])),
            t(
                "over {days} days without a report; {fresh} of {active} have reported",
                days=silent_after_days,
                fresh=t.integer(rollup["fresh"]),
                active=t.integer(sites - rollup["tidak_aktif"]),
            ),
        ),
        Figure(
            t("Blocked"),
            t.integer(rollup["blocked"]),
            t("a severe obstacle is open"),
            t("of {sites} sites", sites=t.integer(sites)),
        ),
        Figure(
            t("Spend of contract value"),
            t.share(rollup["spend_share"], digits=1),
            t(
                "{spend} of {contract}",
                spend=t.rupiah_short(rollup["spend_told"]),
                contract=t.rupiah_short(rollup["spend_value"]),
            ),
            t("over the {base} sites that have told both", base=t.integer(rollup["spend_base"])),
        ),
    )


def base_note(rollup: pd.Series, t: Translator) -> str:
    """What an average rests on, and which finished sites are not in it."""
    told = weighting_text(t, str(rollup["weighting"]), int(rollup["base"]), int(rollup["sites"]))
    untold = int(rollup["done_untold"])
    if not untold:
        return told
    return f"{told}; {t.plural('{n} done without a percentage', '{n} done without a percentage', untold)}"


def plan_headline(plan: ActionPlan, t: Translator) -> tuple[Figure, ...]:
    """The totals of an action plan: actions, share of the target, behind, not reported, ended otherwise."""
    total = plan.total
    kinds = plan.positions["kind"].value_counts()
    ended = total["carried_over"] + total["postponed"] + total["cancelled"]
    return (
        Figure(
            t("Actions"),
            t.integer(total["actions"]),
            t(
                "{physical} physical, {other} non-physical",
                physical=t.integer(kinds.get("physical", 0)),
                other=t.integer(kinds.get("non_physical", 0)),
            ),
        ),
        Figure(
            t("Share of the target of {checkpoint}", checkpoint=checkpoint_name(plan.checkpoint)),
            t.percent(total["achieved_percent"]),
            t("mean of {base} of {due} due", base=t.integer(total["due_reported"]), due=t.integer(total["due"])),
        ),
        Figure(
            t("Behind the target"),
            t.integer(total["late"]),
            t("{met} have met it", met=t.integer(total["met"])),
        ),
        Figure(
            t("Not reported"),
            t.integer(total["not_reported"]),
            t("{count} reports are owed", count=t.integer(total["owed"])),
        ),
        Figure(
            t("Ended otherwise"),
            t.integer(ended),
            t(
                "{over} carried over, {put_off} postponed, {cancelled} cancelled",
                over=t.integer(total["carried_over"]),
                put_off=t.integer(total["postponed"]),
                cancelled=t.integer(total["cancelled"]),
            ),
        ),
    )


# --- changes -----------------------------------------------------------------------------------------------------


def change(row: Mapping[Any, Any], t: Translator) -> Change:
    """A row of ``geo.progress.changes.top`` as a line."""
    named = isinstance(row["name"], str)
    more = int(row["count"]) - 1
    return Change(
        bool(row["good"]),
        change_name(t, row["kind"]),
        row["name"] if named else regions.region_label(row["code"]),
        regions.region_label(row["region_code"]) if named else "",
        change_told(row, t),
        t.plural("and {n} more", "and {n} more", more) if more else "",
    )


def change_told(row: Mapping[Any, Any], t: Translator) -> str:
    """From what to what, in the words of the kind."""
    kind, before, after, difference = row["kind"], row["before"], row["after"], row["difference"]
    if kind in ("province_lost", "province_gained"):
        return t(
            "deviation {before} to {after}, {points} like for like",
            before=t.points(before, unit=False),
            after=t.points(after, unit=False),
            points=t.points(difference),
        )
    if kind in ("obstacle_opened", "obstacle_closed"):
        category = str(row["detail"]).partition(";")[0]
        return t("{category}, severe, {age}", category=category_name(t, category), age=t.age(difference))
    if kind == "correction":
        parts = [_correction(part, t) for part in str(row["detail"]).split(";") if part]
        if pd.notna(difference) and round(float(difference), 6):
            parts.insert(0, f"{t.percent(before)} → {t.percent(after)} ({t.points(difference)})")
        return "; ".join(parts) or t("figure changed")
    if kind in ("newly_silent", "speaking_again"):
        if kind == "newly_silent":
            return t("no report for {age}", age=t.age(after)) if pd.notna(after) else t("never reported")
        return t("last report {age} ago", age=t.age(after))
    move = f"{status_or_missing(t, before)} → {status_or_missing(t, after)}"
    return f"{move} ({t.points(difference)})" if pd.notna(difference) else move


def _correction(part: str, t: Translator) -> str:
    """One thing that was shown otherwise: a status, the plan, the spend."""
    name, _, values = part.rpartition("=")
    old, _, new = values.partition(">")
    if not name:
        return f"{status_or_missing(t, old)} → {status_or_missing(t, new)}"
    form, label = (t.percent, t("plan")) if name == "plan" else (t.rupiah_short, t("spend"))
    told = " → ".join(form(float(value)) if value else MISSING for value in (old, new))
    return f"{label} {told}"


def status_or_missing(t: Translator, code: object) -> str:
    """A status in words; anything else is missing."""
    return status_name(t, code) if isinstance(code, str) and code in set(Status) else MISSING


# --- rules and sentences -----------------------------------------------------------------------------------------


def rules(positions: pd.DataFrame, t: Translator) -> list[str]:
    """What decided each status, with its threshold and the next step."""
    pairs = zip(positions["rule"], positions["limit_points"], positions["next_step"], strict=True)
    known: dict[tuple[object, ...], str] = {}
    told = []
    for rule, limit, step in pairs:
        key = (rule, limit if pd.notna(limit) else None, step)
        if key not in known:
            known[key] = "; ".join(part for part in (rule_text(t, rule, limit), next_step_text(t, step)) if part)
        told.append(known[key])
    return told


def sentences(name: str, rollup: pd.Series, t: Translator, *, silent_after_days: int) -> tuple[str, ...]:
    """A state in two or three plain sentences; every figure in them is one of ``headline``."""
    sites = int(rollup["sites"])
    if not sites:
        return (t("{place} has no site that passes the filters.", place=name),)
    return tuple(
        part for part in (_pace(name, rollup, t), _late(rollup, t), _silent(rollup, t, silent_after_days)) if part
    )


def _pace(name: str, rollup: pd.Series, t: Translator) -> str:
    lag = rollup["deviation_points"]
    if pd.isna(lag):
        return t("Progress of {place} cannot be judged: no site has both a plan and a report.", place=name)
    actual, plan = t.percent(rollup["actual_percent"]), t.percent(rollup["plan_percent"])
    size = t.number(abs(float(lag)))
    if not any(digit in "123456789" for digit in size):
        return t("{place} is on plan: {actual} realised of planned {plan}.", place=name, actual=actual, plan=plan)
    told = {"place": name, "points": size, "actual": actual, "plan": plan}
    if lag < 0:
        return t("{place} is {points} points behind plan: {actual} realised of planned {plan}.", **told)
    return t("{place} is {points} points ahead of plan: {actual} realised of planned {plan}.", **told)


def _late(rollup: pd.Series, t: Translator) -> str:
    sites, late, critical = int(rollup["sites"]), int(rollup["late"]), int(rollup["kritis"])
    every = t.integer(sites)
    if not late:
        return t("No site of {sites} is behind plan.", sites=every)
    told = t.plural("{n} of {sites} sites is behind plan", "{n} of {sites} sites are behind plan", late, sites=every)
    blocked = int(rollup["blocked"])
    parts = [told]
    if critical:
        parts.append(t.plural("{n} of them critical", "{n} of them critical", critical))
    if blocked:
        parts.append(t.plural("{n} is blocked by a severe obstacle", "{n} are blocked by a severe obstacle", blocked))
    return "; ".join(parts) + "."


def _silent(rollup: pd.Series, t: Translator, days: int) -> str:
    silent = int(rollup["silent"])
    if not silent:
        return ""
    return t.plural(
        "{n} site has not reported for more than {days} days.",
        "{n} sites have not reported for more than {days} days.",
        silent,
        days=days,
    )
