"""Head the columns of the annex in words, and say what those mean that the data dictionary does not know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from geo.briefing.matrix import province_heading
from geo.export import described
from geo.locale import Translator
from geo.locale.terms import status_name
from geo.model import Status
from geo.progress.matrix import TOTAL


def headings(t: Translator) -> Mapping[str, str]:
    """Short headings by canonical column."""
    return {
        **{str(status): status_name(t, status) for status in Status},
        "page": t("Page"),
        "page_name": t("Name of the page"),
        "region": t("Region"),
        "level": t("Level"),
        "code": t("Code"),
        "region_code": t("Code of the region"),
        "province": t("Province"),
        "regency": t("Kabupaten/kota"),
        "programme": t("Programme"),
        "name": t("Site"),
        "site_code": t("Code of the site"),
        "action_code": t("Code of the action"),
        "institution": t("Institution"),
        "institution_code": t("Code of the institution"),
        "status": t("Status (code)"),
        "status_words": t("Status"),
        "reason": t("Why (code)"),
        "reason_words": t("Why"),
        "rule": t("Rule (code)"),
        "rule_words": t("Rule and next step"),
        "limit_points": t("Limit (points)"),
        "next_step": t("Next step (code)"),
        "stage": t("Stage"),
        "sites": t("Sites"),
        "base": t("Base"),
        "reported": t("Reported"),
        "reporting": t("Counted on the day"),
        "plan_percent": t("Planned (%)"),
        "actual_percent": t("Realised (%)"),
        "deviation_points": t("Deviation (points)"),
        "weighting": t("Weighting"),
        "late": t("Behind plan"),
        "silent": t("Silent"),
        "never_reported": t("Never reported"),
        "done_untold": t("Done without a percentage"),
        "blocked": t("Blocked"),
        "blocked_since": t("Blocked since"),
        "late_since": t("Late since"),
        "since": t("Since"),
        "obstacles": t("Open obstacles"),
        "contract_value": t("Contract value (Rp)"),
        "plan_spend": t("Planned spend (Rp)"),
        "actual_spend": t("Realised spend (Rp)"),
        "spend_share": t("Spend share"),
        "spend_told": t("Spend of the base (Rp)"),
        "spend_value": t("Contract value of the base (Rp)"),
        "spend_base": t("Base of the spend"),
        "spend_reporting": t("Spend counted on the day"),
        "spends_told": t("Spends told on the day"),
        "percents_told": t("Percentages told on the day"),
        "percents_since": t("Percentages since the day before"),
        "plan_spend_percent": t("Planned spend (%)"),
        "actual_spend_percent": t("Realised spend (%)"),
        "share_reported": t("Share reported"),
        "fresh": t("Reported and not silent"),
        "as_of": t("As of day"),
        "age_days": t("Report age (days)"),
        "lon": t("Longitude"),
        "lat": t("Latitude"),
        "location_precision": t("Precision of the point"),
        "start_date": t("Start"),
        "target_date": t("Target day"),
        "year": t("Budget year"),
        "data_status": t("Origin"),
        "source_url": t("Source"),
        "opened": t("Opened"),
        "closed": t("Closed"),
        "category": t("Category"),
        "severity": t("Severity (1 to 3)"),
        "note": t("Note"),
        "follow_up": t("Follow-up"),
        "recorded_at": t("Recorded (UTC)"),
        "good": t("For the better"),
        "kind": t("What changed"),
        "place": t("Place"),
        "told": t("From what to what"),
        "others": t("Others of its kind"),
        "label": t("Figure"),
        "value": t("Value"),
        "said": t("What it means"),
        "series": t("Line"),
        "percent": t("Percent"),
        "actions": t("Actions"),
        "due": t("Due"),
        "due_reported": t("Due and reported"),
        "achieved_percent": t("Share of the target (%)"),
        "met": t("Target met"),
        "done": t("Done"),
        "carried_over": t("Carried over"),
        "postponed": t("Postponed"),
        "cancelled": t("Cancelled"),
        "not_reported": t("Not reported"),
        "owed": t("Reports owed"),
        "budget": t("Budget (Rp)"),
        "spend": t("Spend (Rp)"),
        "spend_percent": t("Spend (%)"),
        "last_report": t("Last report"),
    }


def meanings(t: Translator) -> Mapping[str, str]:
    """What columns mean that only the annex has, or that mean something of their own here."""
    return {
        "page": t("The page of the briefing: nasional, or the code of a province."),
        "page_name": t("The page of the briefing in words."),
        "region": t("The region in words."),
        "institution": t("The institution in words."),
        "status_words": t("The status in words."),
        "reason": t("Why the site needs attention: critical, blocked or late."),
        "reason_words": t("Why the site needs attention, in words."),
        "rule_words": t("The rule that decided the status, and what it asks for next, in words."),
        "since": t("Since when the site needs attention."),
        "obstacles": t("Obstacles that are open at the site."),
        "blocked_since": t("Since when a severe obstacle is open."),
        "closed": t("The day it was settled; empty while it is open."),
        "due": t("Actions that are due at the checkpoint."),
        "owed": t("Reports that are owed."),
        "reporting": t("Sites of the base that are in the realisation of the day."),
        "spend_reporting": t("Sites of the base that are in the spend of the day."),
        "percents_told": t("Sites of the base that told a percentage for that very day."),
        "percents_since": t("Reports of a percentage since the day before."),
        "spends_told": t("Sites that told their spend for that very day."),
        "plan_spend_percent": t("Planned spend in percent of the contract value."),
        "actual_spend_percent": t("Realised spend in percent of the contract value."),
        "good": t("Whether it changed for the better."),
        "kind": t("What changed."),
        "place": t("Where it changed."),
        "told": t("From what to what it changed."),
        "others": t("How many more changed in the same way."),
        "label": t("The headline figure."),
        "value": t("The figure as the page shows it."),
        "said": t("What the figure means."),
        "series": t("Which line of the curve."),
        "percent": t("Percent on that day."),
    }


def of_province(name: str) -> tuple[str, str]:
    """The measure and the province of a column of the wide matrix; empty for any other column."""
    for measure in ("achieved_percent", "reported", "actions"):
        if name.startswith(f"{measure}_"):
            code = name.removeprefix(f"{measure}_")
            return measure, TOTAL if code == "all" else code
    return "", ""


def head(name: str, t: Translator) -> str:
    """The heading of a column in words."""
    known = headings(t)
    measure, code = of_province(name)
    return f"{province_heading(code, t)}: {known[measure]}" if measure else known.get(name, name)


def dictionary(sheet: str, columns: Sequence[str], t: Translator) -> list[tuple[str, ...]]:
    """The columns of a sheet: sheet, column, heading, type, unit, values, meaning."""
    own = meanings(t)
    rows: list[tuple[str, ...]] = []
    for told in described(list(columns), t.language).itertuples(index=False, name=None):
        name, kind, unit, values, meaning = (str(part) for part in told)
        measure, _ = of_province(name)
        meaning = {
            "achieved_percent": t("Mean share of the target in this province, percent; empty without a report."),
            "reported": t("Actions in this province that have reported."),
            "actions": t("Actions in this province."),
        }.get(measure, own.get(name) or meaning)
        rows.append((sheet, name, head(name, t), kind, unit, values, meaning))
    return rows
