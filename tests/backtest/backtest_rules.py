"""Programme files for back-tests, put together from parts."""

WORDS = """
name = {{en = "{name}"}}
coming = {{en = "{{left}} more and it is on us."}}
earned = {{en = "{name} is on us."}}
terms = {{en = "One for each coupon."}}
"""


def reward(key: str, unit: str, cost: int, more: str = "") -> str:
    words = WORDS.format(name=key.capitalize())
    return f'[[reward]]\nkey = "{key}"\nunit = "{unit}"\ncost = {cost}\n{more}\n{words}'


def rules(*parts: str, units: str = '"stamps", "points"', card: int | None = 10) -> str:
    stamps = f"[stamps]\ncard = {card}\n" if card else ""
    return (
        'key = "kielo"\ncurrency = "EUR"\nlanguages = ["en"]\ntime_zone = "Europe/Helsinki"\n'
        f'units = [{units}]\nname = {{en = "Kahvila"}}\n{stamps}' + "\n".join(parts)
    )


STAMP = '[[earn]]\nunit = "stamps"\npurchase_min = 500\n'
POINT = '[[earn]]\nunit = "points"\nper = 100\n'
LUNCH = reward("lunch", "stamps", 10, "worth = 1200")
EUROS = reward("euros", "points", 100, 'comes = "bought"\nany_amount = true\nworth = 100')

PLAIN = rules(STAMP, POINT, LUNCH, EUROS)
DEARER = rules(STAMP, POINT, LUNCH.replace("cost = 10", "cost = 12"), EUROS, card=12)
RICHER = rules(STAMP, POINT.replace("per = 100", "per = 50"), LUNCH, EUROS)

# Everything that a programme can have.
WHOLE = rules(
    '[[earn]]\nunit = "stamps"\npurchase_min = 500\ncap_day = 2\n',
    POINT,
    '[[earn]]\nunit = "points"\nkey = "goods"\nper = 200\ncategories = ["coffee"]\n',
    '[[earn]]\nunit = "bonus"\naccumulates = "month"\n'
    "steps = [{from_total = 1000, share = 200}, {from_total = 5000, share = 500}]\n",
    '[[earn]]\nunit = "visits"\ncap_day = 1\n',
    '[[multiply]]\nkey = "tuesday"\nunit = "points"\npercent = 200\nweekdays = ["tue"]\n',
    '[[multiply]]\nkey = "gold"\nunit = "points"\npercent = 150\ntiers = ["gold"]\n',
    reward("cake", "stamps", 5, "worth = 400"),
    LUNCH,
    reward("bag", "points", 400),
    EUROS,
    reward("money", "bonus", 100, 'comes = "bought"\nany_amount = true\nworth = 100'),
    '[tiers]\ncounts = "visits"\nqualifying_months = 2\nholding_months = 1\n'
    '[[tiers.tier]]\nkey = "gold"\nfrom_total = 4\nname = {en = "Gold"}\n',
    "[expiry.points]\nmonths = 2\n[expiry.bonus]\ninactive_months = 2\n",
    "[pending.points]\ndays = 10\n",
    units='"stamps", "points", "bonus", "visits"',
).replace("card = 10", "card = 10\nwelcome = 2")
