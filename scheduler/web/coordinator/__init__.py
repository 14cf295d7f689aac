"""Planning: the week, series, people, places."""

from scheduler.web.coordinator import (
    occurrence,
    people,
    places,
    series,
    series_edit,
    series_end,
    series_new,
    series_page,
    series_people,
    week,
)
from scheduler.web.coordinator.blueprint import blueprint

__all__ = [
    "blueprint",
    "occurrence",
    "people",
    "places",
    "series",
    "series_edit",
    "series_end",
    "series_new",
    "series_page",
    "series_people",
    "week",
]
