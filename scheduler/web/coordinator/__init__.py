"""Planning: the week, series, people, places."""

from scheduler.web.coordinator import (
    desk,
    exporting,
    import_review,
    importing,
    life,
    occurrence,
    people,
    person_week,
    places,
    series,
    series_edit,
    series_end,
    series_new,
    series_page,
    series_people,
    slip,
    week,
)
from scheduler.web.coordinator.blueprint import blueprint

__all__ = [
    "blueprint",
    "desk",
    "exporting",
    "import_review",
    "importing",
    "life",
    "occurrence",
    "people",
    "person_week",
    "places",
    "series",
    "series_edit",
    "series_end",
    "series_new",
    "series_page",
    "series_people",
    "slip",
    "week",
]
