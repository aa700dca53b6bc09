"""What the log says of a refused request."""

import logging


class RefusalsInOneLine(logging.Filter):
    """A request that was refused (400 to 499) is one line: a traceback is for faults."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and 400 <= getattr(record, "status_code", 0) < 500:
            record.exc_info = record.exc_text = None
        return True
