"""What a browser calls itself, said so that its owner knows it again."""

import re

from wallet_service.web.language import gettext as _

# In this order: most of them claim to be Safari and Chrome as well.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR|Opera", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox|FxiOS", "Firefox"),
    ("Chrome|CriOS", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh|Mac OS", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def name(user_agent: str) -> str:
    """Such as "Firefox on Windows"."""
    browser, system = _first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s", browser=browser, system=system)
    return browser or system or _("A browser that does not say which")


def _first(known: tuple[tuple[str, str], ...], user_agent: str) -> str | None:
    return next((said for pattern, said in known if re.search(pattern, user_agent)), None)
