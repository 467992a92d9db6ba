"""Logs: one line an event to standard error; JSON where no person is looking."""

import logging
import sys

import structlog


def set_up(*, level: int = logging.INFO) -> None:
    """Say how this process logs. What is logged is chosen where it is said: routes, never paths."""
    renderer: structlog.types.Processor = (
        structlog.dev.ConsoleRenderer(colors=True)
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.StackInfoRenderer(),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )
    # Libraries speak through `logging`; only what is wrong is worth a line here.
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    # A page with its pictures asks for ten things at once; that is no trouble.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
