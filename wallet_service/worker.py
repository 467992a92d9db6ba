"""The worker: one thread that delivers, and the clock (APScheduler) that reminds it."""

import threading
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from wallet_service import access, clock
from wallet_service.checkup import WARN_BEFORE
from wallet_service.delivery.apns import Apns
from wallet_service.delivery.dispatch import Dispatch
from wallet_service.ledger import jobs
from wallet_service.phones import device_log, outbox, told
from wallet_service.sales import by_clock, tier_end
from wallet_service.wallet import Wallet

log = structlog.get_logger("worker")


class Worker:
    """Delivers what changed, until it is stopped. Every part may be killed at any moment."""

    def __init__(self, wallet: Wallet) -> None:
        self._wallet = wallet
        self._stop = threading.Event()
        known_as = wallet.credentials
        ways: dict[str, Apns] = {}
        self._dispatch = Dispatch(wallet.database, wallet.rendered, ways)
        self._apns = ways[known_as.lane] = Apns(
            url=known_as.apns_url,
            certificate=known_as.certificate,
            key=known_as.key,
            key_password=known_as.key_password,
            root=known_as.apns_root,
            topic=known_as.pass_type_identifier,
            push_type=wallet.config.apple.apns_push_type,
            priority=wallet.config.apple.apns_priority,
            on_outcome=self._dispatch.heard,
        )
        self._thread = threading.Thread(target=self._deliver, name="delivery", daemon=True)
        # In memory and static: what is to be done, and when, stands in our own tables.
        self._clock = BackgroundScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for job, every in (
            (self._wake_due_passes, timedelta(seconds=1)),
            (self._call_laggards, timedelta(minutes=1)),
            (wallet.database.checkpoint, timedelta(seconds=15)),
            (self._look_at_certificate, timedelta(hours=1)),
            (self._tidy, timedelta(hours=1)),
            (self._keep_books, timedelta(minutes=3)),
            (self._warn, timedelta(minutes=15)),
            (self._make_heads, timedelta(minutes=10)),
            (self._audit_books, timedelta(minutes=1)),
        ):
            self._clock.add_job(job, "interval", seconds=every.total_seconds())

    def start(self) -> None:
        """Begin; returns at once."""
        self._look_at_certificate()
        self._tidy()
        self._thread.start()
        self._clock.start()

    def stop(self) -> None:
        """End: what flies is given a moment, what waits stays in the outbox."""
        self._stop.set()
        self._wallet.database.woken.set()
        self._clock.shutdown(wait=True)
        self._thread.join()
        self._apns.close()
        self._wallet.database.checkpoint(whole=True)

    def _deliver(self) -> None:
        # With SQLite no other process delivers, so a lease found at the start is a dead one's.
        self._dispatch.run(self._stop, alone=self._wallet.database.is_sqlite)

    def _wake_due_passes(self) -> None:
        self._wallet.database.run(outbox.wake_due_passes, clock.now())

    def _call_laggards(self) -> None:
        self._wallet.database.run(told.call_laggards, clock.now())

    def _tidy(self) -> None:
        for tidy in (access.tidy, device_log.tidy):
            self._wallet.database.run(tidy, clock.now())

    def _keep_books(self) -> None:
        # In this order: what is confirmed may have ended by then.
        database, now = self._wallet.database, clock.now()
        by_clock.confirm(database, now)
        tier_end.end(database, now)
        jobs.expire(database, now)

    def _warn(self) -> None:
        jobs.warn(self._wallet.database, clock.now())
        tier_end.warn(self._wallet.database, clock.now())

    def _make_heads(self) -> None:
        jobs.make_heads(self._wallet.database, clock.now())

    def _audit_books(self) -> None:
        run = jobs.audit_books(self._wallet.database, clock.now())
        if run is not None and run.finished_at is not None and run.faults:
            log.error("the books do not agree", faults=run.faults, first=run.first_faults[:3])

    def _look_at_certificate(self) -> None:
        left = self._wallet.signer.not_after - datetime.now(UTC)
        if left < WARN_BEFORE:
            log.warning("the pass certificate ends soon", days=left.days)
