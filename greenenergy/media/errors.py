"""What the object storage raises. Separate, so that a site without one needs none of its libraries."""


class StorageUnavailable(Exception):
    """The object storage did not answer, or refused. A request that fails with it becomes a 503.

    Not an OSError: code that takes an OSError for a missing file must not take this for one.
    """
