"""The fellowships whose meetings may be listed, by the short code that commands and addresses use."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.errors import Invalid


@dataclass(frozen=True, slots=True)
class Fellowship:
    """``code`` is what is stored and typed; ``short_name`` what a page shows beside a meeting."""

    code: str
    short_name: str
    name: str


_ALL = (
    Fellowship("AA", "AA", "Alcoholics Anonymous"),
    Fellowship("ACA", "ACA", "Adult Children of Alcoholics"),
    Fellowship("AL-ANON", "Al-Anon", "Al-Anon Family Groups"),
    Fellowship("CA", "CA", "Cocaine Anonymous"),
    Fellowship("CMA", "CMA", "Crystal Meth Anonymous"),
    Fellowship("CODA", "CoDA", "Co-Dependents Anonymous"),
    Fellowship("DRA", "DRA", "Dual Recovery Anonymous"),
    Fellowship("GA", "GA", "Gamblers Anonymous"),
    Fellowship("HA", "HA", "Heroin Anonymous"),
    Fellowship("LIFERING", "LifeRing", "LifeRing Secular Recovery"),
    Fellowship("MA", "MA", "Marijuana Anonymous"),
    Fellowship("NA", "NA", "Narcotics Anonymous"),
    Fellowship("NAR-ANON", "Nar-Anon", "Nar-Anon Family Groups"),
    Fellowship("OA", "OA", "Overeaters Anonymous"),
    Fellowship("RD", "Recovery Dharma", "Recovery Dharma"),
    Fellowship("SMART", "SMART", "SMART Recovery"),
    Fellowship("WFS", "Women for Sobriety", "Women for Sobriety"),
)

FELLOWSHIPS = {fellowship.code: fellowship for fellowship in _ALL}


def fellowship_named(text: str) -> Fellowship:
    """The fellowship of that code, short name or name, in any case. Raises Invalid on field
    ``fellowship``.
    """
    wanted = text.strip().casefold()
    for fellowship in _ALL:
        if wanted in {
            fellowship.code.casefold(),
            fellowship.short_name.casefold(),
            fellowship.name.casefold(),
        }:
            return fellowship
    known = ", ".join(FELLOWSHIPS)
    raise Invalid(
        f"There is no fellowship “{text.strip()[:40]}” here. Known are: {known}.", field="fellowship"
    )


def short_name_of(code: str) -> str:
    """What a page shows for a stored code; the code itself where it is no longer known."""
    found = FELLOWSHIPS.get(code)
    return found.short_name if found else code
