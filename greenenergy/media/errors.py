"""What the storages of media raise. Separate, so that a site without a bucket needs none of its libraries."""


class StorageUnavailable(Exception):
    """The object storage did not answer, or refused. A request that fails with it becomes a 503.

    Not an OSError: code that takes an OSError for a missing file must not take this for one.
    """


class StorageFull(StorageUnavailable):
    """The disk is full, read-only or not ours: nothing was stored, and nothing can be until somebody mends it."""
