"""Time zones that a form proposes; any other of the IANA database may be typed."""

from zoneinfo import available_timezones

NEAR = ("UTC", *sorted(zone for zone in available_timezones() if zone.startswith("Europe/")))
