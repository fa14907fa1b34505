"""Time zones a person can choose: one or two cities for each clock that people live by."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

CITIES = {
    "Pacific/Honolulu": gettext_lazy("Honolulu"),
    "America/Anchorage": gettext_lazy("Anchorage"),
    "America/Los_Angeles": gettext_lazy("Los Angeles, Vancouver"),
    "America/Phoenix": gettext_lazy("Phoenix"),
    "America/Denver": gettext_lazy("Denver"),
    "America/Chicago": gettext_lazy("Chicago"),
    "America/Mexico_City": gettext_lazy("Mexico City"),
    "America/Bogota": gettext_lazy("Bogotá, Lima"),
    "America/New_York": gettext_lazy("New York, Toronto"),
    "America/Halifax": gettext_lazy("Halifax"),
    "America/Santiago": gettext_lazy("Santiago de Chile"),
    "America/St_Johns": gettext_lazy("St. John's"),
    "America/Sao_Paulo": gettext_lazy("São Paulo"),
    "America/Argentina/Buenos_Aires": gettext_lazy("Buenos Aires"),
    "Atlantic/Azores": gettext_lazy("Azores"),
    "UTC": gettext_lazy("Coordinated Universal Time"),
    "Africa/Abidjan": gettext_lazy("Accra, Dakar"),
    "Europe/London": gettext_lazy("London, Lisbon, Dublin"),
    "Europe/Berlin": gettext_lazy("Berlin, Paris, Rome"),
    "Africa/Lagos": gettext_lazy("Lagos"),
    "Europe/Athens": gettext_lazy("Athens, Helsinki, Kyiv"),
    "Africa/Cairo": gettext_lazy("Cairo"),
    "Africa/Johannesburg": gettext_lazy("Johannesburg"),
    "Asia/Jerusalem": gettext_lazy("Jerusalem"),
    "Africa/Nairobi": gettext_lazy("Nairobi"),
    "Asia/Riyadh": gettext_lazy("Riyadh"),
    "Europe/Istanbul": gettext_lazy("Istanbul"),
    "Europe/Moscow": gettext_lazy("Moscow"),
    "Asia/Tehran": gettext_lazy("Tehran"),
    "Asia/Dubai": gettext_lazy("Dubai"),
    "Asia/Kabul": gettext_lazy("Kabul"),
    "Asia/Karachi": gettext_lazy("Karachi"),
    "Asia/Tashkent": gettext_lazy("Tashkent"),
    "Asia/Kolkata": gettext_lazy("Delhi, Mumbai"),
    "Asia/Kathmandu": gettext_lazy("Kathmandu"),
    "Asia/Almaty": gettext_lazy("Almaty"),
    "Asia/Dhaka": gettext_lazy("Dhaka"),
    "Asia/Yangon": gettext_lazy("Yangon"),
    "Asia/Bangkok": gettext_lazy("Bangkok, Hanoi, Jakarta"),
    "Asia/Shanghai": gettext_lazy("Beijing, Shanghai"),
    "Asia/Hong_Kong": gettext_lazy("Hong Kong, Macao"),
    "Asia/Taipei": gettext_lazy("Taipei"),
    "Asia/Singapore": gettext_lazy("Singapore, Kuala Lumpur"),
    "Australia/Perth": gettext_lazy("Perth"),
    "Asia/Tokyo": gettext_lazy("Tokyo"),
    "Asia/Seoul": gettext_lazy("Seoul"),
    "Australia/Adelaide": gettext_lazy("Adelaide"),
    "Australia/Brisbane": gettext_lazy("Brisbane"),
    "Australia/Sydney": gettext_lazy("Sydney, Melbourne"),
    "Pacific/Auckland": gettext_lazy("Auckland"),
}


def choices(*, now: datetime, held: str = "") -> list[tuple[str, str]]:
    """(name, label) by the clock's distance from UTC at `now`; `held` stays on the list, whatever it is."""
    names = [*CITIES, *([held] if held and held not in CITIES else [])]
    rows = sorted((now.astimezone(ZoneInfo(name)).strftime("%z"), name) for name in names)
    rows.sort(key=lambda row: int(row[0]))
    return [
        (
            name,
            _("%(place)s (UTC%(offset)s)")
            % {"place": CITIES.get(name, name), "offset": f"{offset[:3]}:{offset[3:]}"},
        )
        for offset, name in rows
    ]
