"""The kit: every part that the console's pages are made of, on one page, for whoever builds one.

In English alone, as the code is.
"""

import re

from flask import Blueprint, render_template
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired

from passes import barcode
from passes.colours import Colour, contrast
from wallet_service.pages import charts
from wallet_service.pages.charts import Day
from wallet_service.web import assets
from wallet_service.web.doors import signed_in

bp = Blueprint("kit", __name__, url_prefix="/console/kit")

COLOURS = (
    ("paper", "the page"), ("surface", "what can be picked up"),
    ("sunken", "a row under the pointer"), ("line", "hairlines"),
    ("line-strong", "edges of fields, bars"), ("ink", "text"),
    ("ink-soft", "hints, units, times"), ("accent", "pressed or chosen"), ("accent-wash", "wash"),
    ("good", "went well"), ("warn", "look at this"), ("bad", "did not happen"),
)  # fmt: skip
_SPACE = (("s1", 4), ("s2", 8), ("s3", 12), ("s4", 16), ("s5", 24), ("s6", 32), ("s7", 48),
          ("s8", 72))  # fmt: skip
_TOKEN = re.compile(r"--([a-z-]+):\s*light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
_WEEK = ("Wed", "Thu", "Fri", "Sat", "Sun", "Mon", "Tue")
_VISITS = (34, 37, 61, 72, 0, 28, 37, 33, 41, 66, 79, 0, 36, 35)
_USUAL = (33, 36, 58, 70, 0, 30, 38)
_MONTHS = (("June", 1062), ("July", 1094), ("August", 1119), ("September", 1163),
           ("October", 1225), ("November", 1284))  # fmt: skip


class _Form(FlaskForm):  # type: ignore[misc]
    name = StringField("Name of the shop", [DataRequired()])
    email = StringField("E-mail that members write to", [DataRequired()])
    phone = StringField("Telephone")
    zone = SelectField("Time zone", choices=["Europe/Helsinki", "Europe/Stockholm"])
    reason = TextAreaField("Reason", [DataRequired()])
    code = StringField("Card code", [DataRequired()])
    level = SelectField("Level of security", choices=["Shop", "Chain"])
    role = RadioField(
        "Role",
        choices=[
            SelectChoice("cashier", "Cashier"),
            SelectChoice("manager", "Manager"),
            SelectChoice("owner", "Owner"),
        ],
    )
    offers = BooleanField("Also by e-mail")


@bp.get("")
@signed_in()
def kit() -> str:
    """All parts, with what each is for."""
    form = _Form(meta={"csrf": False}, name="Kielo", email="hei.kielo", role="cashier",
                 reason="The till was off on Saturday.", code="LP1 7K3M 92QF T8XA")  # fmt: skip
    form.email.errors = ["This is no e-mail address. It needs an @ and what comes after it."]
    return render_template(
        "console/kit.html",
        colours=_colours(),
        space=_SPACE,
        form=form,
        qr=barcode.svg("https://kielo.example/"),
        visits=charts.bars(
            "visits",
            "Visits, day by day",
            "Last Saturday was the best of the fortnight. The thin line is what is usual for that "
            "weekday.",
            [
                Day(
                    label=_WEEK[number % 7][0],
                    name=f"{_WEEK[number % 7]} {11 + number}",
                    value=value,
                    usual=_USUAL[number % 7] or None,
                    is_now=number == len(_VISITS) - 1,
                )
                for number, value in enumerate(_VISITS)
            ],
            ("Day", "Visits", "Usual"),
        ),
        joined=charts.line(
            "joined",
            "Members, month by month",
            "222 members more in half a year, eight or nine a week.",
            _MONTHS,
            ("Month", "Members"),
        ),
    )


def _colours() -> list[tuple[str, str, float, float]]:
    """Each colour with what it is for and its contrast with paper, by day and by night."""
    style = (assets.FOLDER / "tokens.css").read_text()
    seen = {
        name: (Colour.parse(light), Colour.parse(dark))
        for name, light, dark in _TOKEN.findall(style)
    }
    day, night = seen["paper"]
    return [
        (name, use, _contrast(seen[name][0], day), _contrast(seen[name][1], night))
        for name, use in COLOURS
    ]


def _contrast(one: Colour | None, other: Colour | None) -> float:
    return contrast(one, other) if one and other else 0.0
