"""Back-test: what other rules would have given for the sales that there were. It only reads."""

from wallet_service.backtest.report import Report
from wallet_service.backtest.trial import Trial, ignore, run

__all__ = ["Report", "Trial", "ignore", "run"]
