"""What the object storage raises. Apart from it, so that a site without one needs none of its libraries."""


class StorageUnavailable(Exception):
    """The object storage did not answer, or refused. A request that meets it becomes a 503.

    Not an OSError: whoever takes that for a missing file must not take this for one.
    """
