"""The kit: every part that the console's pages are made of, on one page, for whoever builds one.

In English alone, as the code is.
"""

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
from wallet_service.pages import charts
from wallet_service.pages.charts import Day
from wallet_service.web.doors import signed_in

bp = Blueprint("kit", __name__, url_prefix="/console/kit")

COLOURS = (
    ("paper", "the page"), ("surface", "what can be picked up"), ("sunken", "under the pointer"),
    ("line", "hairlines"), ("line-strong", "edges of fields, bars"), ("ink", "text"),
    ("ink-soft", "hints, units, times"), ("accent", "pressed or chosen"), ("accent-wash", "wash"),
    ("good", "went well"), ("warn", "look at this"), ("bad", "did not happen"),
)  # fmt: skip
_VISITS = (31, 34, 56, 72, 0, 26, 35, 31, 40, 63, 79, 0, 34, 35)
_JOINED = (820, 871, 902, 960, 1004, 1051, 1090, 1122, 1170, 1207, 1243, 1284)
_MONTHS = "December January February March April May June July August September October November"


class _Form(FlaskForm):  # type: ignore[misc]
    name = StringField("Name of the shop", [DataRequired()])
    phone = StringField("Telephone")
    zone = SelectField("Time zone", choices=["Europe/Helsinki", "Europe/Stockholm"])
    reason = TextAreaField("Reason", [DataRequired()])
    role = RadioField(
        "Role", choices=[SelectChoice("cashier", "Cashier"), SelectChoice("manager", "Manager")]
    )
    offers = BooleanField("Offers by e-mail")


@bp.get("")
@signed_in()
def kit() -> str:
    """All parts, with what each is for."""
    form = _Form(meta={"csrf": False}, name="Kielo", role="cashier")
    form.reason.errors = ["Say why, in a few words."]
    return render_template(
        "console/kit.html",
        colours=COLOURS,
        form=form,
        qr=barcode.svg("https://kielo.example/"),
        visits=charts.bars(
            "visits",
            "Visits, day by day",
            "Last Saturday was the best day. The thin line is what is usual for that weekday.",
            [
                Day(
                    label="WTFSSMTWTFSSMT"[number],
                    name=f"day {number + 1}",
                    value=value,
                    usual=value * 0.9 if value else None,
                    is_now=number == len(_VISITS) - 1,
                )
                for number, value in enumerate(_VISITS)
            ],
            ("Day", "Visits", "Usual"),
        ),
        joined=charts.line(
            "joined",
            "Members, month by month",
            "232 more than six months ago.",
            list(zip(_MONTHS.split(), _JOINED, strict=True)),
            ("Month", "Members"),
            "1,284",
        ),
    )
