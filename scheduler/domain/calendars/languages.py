"""The few words that the program itself writes into a calendar, in the languages that it knows them in. Pure.

Raise `formats.ics.WRITTEN_AS` where one of them changes: what is stored was written with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Language:
    """`code` as in BCP 47; `name` is what its speakers call it; `cancelled` stands before a title."""

    code: str
    name: str
    appointment: str
    calendar: str
    cancelled: str


ENGLISH: Final = Language("en", "English", "Appointment", "Calendar", "Cancelled: ")
LANGUAGES: Final = (
    ENGLISH,
    Language("es", "Español", "Cita", "Calendario", "Cancelado: "),
    Language("zh", "中文", "预约", "日历", "已取消："),
    Language("vi", "Tiếng Việt", "Cuộc hẹn", "Lịch", "Đã hủy: "),
    Language("ru", "Русский", "Встреча", "Календарь", "Отменено: "),
    Language("ko", "한국어", "일정", "캘린더", "취소됨: "),
    Language("ar", "العربية", "موعد", "التقويم", "ملغى: "),
    Language("pt", "Português", "Compromisso", "Calendário", "Cancelado: "),
    Language("fr", "Français", "Rendez-vous", "Calendrier", "Annulé : "),
    Language("ht", "Kreyòl ayisyen", "Randevou", "Kalandriye", "Anile: "),
)
_BY_CODE: Final = {language.code: language for language in LANGUAGES}


def language_of(code: str) -> Language:
    """The language with this code; English for one that is not known."""
    return _BY_CODE.get(code, ENGLISH)
