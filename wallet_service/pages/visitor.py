"""On what somebody opens a link, as far as the browser says."""

import re
from enum import Enum


class Visitor(Enum):
    """What the link page can offer this browser."""

    IPHONE = "iphone"
    ANDROID = "android"
    IN_APP = "in-app"  # on an iPhone, inside another app, where a pass cannot be added
    COMPUTER = "computer"


_IN_APP = re.compile(
    r"FBAN|FBAV|FB_IAB|Instagram|Line/|Twitter|TikTok|musical_ly|BytedanceWebview|Snapchat"
    r"|LinkedInApp|Pinterest|MicroMessenger|WhatsApp|KAKAOTALK|GSA/"
)


def of(user_agent: str) -> Visitor:
    """Which visitor a `User-Agent` is. One that says nothing is taken for a computer."""
    if re.search(r"iPhone|iPad|iPod", user_agent):
        # Every browser on an iPhone says Safari; the windows inside other apps mostly do not.
        if _IN_APP.search(user_agent) or "Safari/" not in user_agent:
            return Visitor.IN_APP
        return Visitor.IPHONE
    return Visitor.ANDROID if "Android" in user_agent else Visitor.COMPUTER
