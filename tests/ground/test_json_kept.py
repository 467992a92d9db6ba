"""What is kept as JSON can be read by everybody."""

import pytest
import sqlalchemy as sa

from wallet_service.db import Database, Json


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_json_does_not_know_is_not_kept(
    sqlite_database: Database, number: float
) -> None:
    kept = sa.literal({"visits": [number]}, Json)
    with (
        sqlite_database.read() as connection,
        pytest.raises(sa.exc.StatementError, match="not JSON compliant"),
    ):
        connection.execute(sa.select(kept))
