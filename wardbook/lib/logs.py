"""Log lines that a person can read and a machine can parse: one JSON object a line."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

# What every record carries; anything else was given by `extra=` and belongs in the line.
USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
# Objects that hold personal data when printed (addresses, form fields), or say nothing.
NEVER = frozenset({"request", "response", "server_time"})


class JsonLine(logging.Formatter):
    """One record as one line; a traceback goes into the same line, so that nothing is torn apart."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "from": record.name,
            "says": record.getMessage(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in USUAL | NEVER}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)
