"""What a figure is, and how it is taken: medians of several runs, each beside its baseline."""

import json
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

MADE_IN = Path(__file__).parent.parent / "build"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. ``ratio`` is value to baseline; ``target`` is the aim, ``floor`` the least."""

    name: str
    value: float
    unit: str
    baseline: float | None
    ratio: float | None
    target: float | None
    floor: float | None
    better: Literal["lower", "higher"] = "lower"

    @classmethod
    def beside(
        cls,
        name: str,
        value: float,
        unit: str,
        *,
        baseline: float | None = None,
        target: float | None = None,
        floor: float | None = None,
    ) -> "Figure":
        """A figure of which less is better, with its ratio to a baseline measured in the same run."""
        ratio = value / baseline if baseline else None
        return cls(name, value, unit, baseline, ratio, target, floor if floor is not None else target)


def seconds(act: Callable[[], object]) -> float:
    """How long one call takes by the clock on the wall."""
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


def median_ms(act: Callable[[], object], runs: int = 15) -> float:
    """The median of several calls in milliseconds, after one that is not counted."""
    act()
    return statistics.median(seconds(act) for _ in range(runs)) * 1000


def p95(values: Sequence[float]) -> float:
    """The value that 95 of 100 do not exceed."""
    return sorted(values)[max(0, round(len(values) * 0.95) - 1)]


def publish(figures: Iterable[Figure]) -> None:
    """Print the table, and write it as JSON for whoever compares."""
    shown = list(figures)
    MADE_IN.mkdir(exist_ok=True)
    (MADE_IN / "bench.json").write_text(json.dumps([asdict(each) for each in shown], indent=1) + "\n")
    width = max(len(each.name) for each in shown)
    print(f"{'':{width}}  {'value':>10} {'unit':5} {'baseline':>10} {'ratio':>7} {'target':>8} {'floor':>8}")
    for each in shown:
        print(
            f"{each.name:{width}}  {each.value:>10.2f} {each.unit:5} {_cell(each.baseline):>10}"
            f" {_cell(each.ratio):>7} {_cell(each.target):>8} {_cell(each.floor):>8}"
        )


def _cell(number: float | None) -> str:
    return "" if number is None else f"{number:.2f}"
