"""What a sale asks of the database: few statements, and as many however much was there before."""

from typing import Any

import sqlalchemy as sa

from wallet_service.db import Database
from wallet_service.enrolment import Enrolled
from wallet_service.sales import Sale, record


class Count:
    """The statements that a database was asked."""

    def __init__(self, database: Database) -> None:
        self.asked: list[str] = []
        sa.event.listen(database.engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        if not statement.startswith("BEGIN"):
            self.asked.append(" ".join(statement.split()))

    def of(self, deed: Any) -> list[str]:
        """Those that a deed asks."""
        self.asked.clear()
        deed()
        return list(self.asked)


def test_a_plain_sale_takes_few_statements(database: Database, till: Any, aino: Enrolled) -> None:
    count = Count(database)

    def sale(name: str) -> None:
        told = Sale(sale_id=name, code=aino.code, amount=700, currency="EUR")
        database.run(record, till.counter, told)

    first = count.of(lambda: sale("first"))
    for number in range(3):
        sale(f"more-{number}")
    last = count.of(lambda: sale("last"))

    assert len(first) <= 18, first
    assert last == first


def test_no_statement_of_a_sale_has_its_plan_made_anew(
    database: Database, till: Any, aino: Enrolled
) -> None:
    count = Count(database)
    told = Sale(sale_id="one", code=aino.code, amount=700, currency="EUR")
    # SQLite plans a statement at each run where LIMIT is a parameter.
    asked = count.of(lambda: database.run(record, till.counter, told))
    assert not [each for each in asked if "LIMIT ?" in each or "LIMIT %" in each]
