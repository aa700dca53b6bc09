"""DATA_DIR, the folder of everything that must survive a new deployment, and the secret key in it."""

import logging
import os
import secrets
import stat
import tempfile
from pathlib import Path

from .values import BASE_DIR, SettingError, Variables, short

logger = logging.getLogger(__name__)


def read_data_dir(env: Variables) -> Path:
    """The folder, created if it is missing."""
    text = env.get("DATA_DIR", "").strip()
    remedy = "Name a folder that the site's user may write to."
    if text.startswith("~"):
        raise SettingError(
            "DATA_DIR", f"'{short(text)}': only a shell knows what ~ is.", "Write the whole path."
        )
    path = (BASE_DIR / text if text else BASE_DIR / "var").absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError("DATA_DIR", f"{path} cannot be made ({error.strerror}).", remedy) from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise SettingError("DATA_DIR", f"{path} cannot be written to.", remedy)
    return path


def keep_private(data_dir: Path, database_file: str = "") -> None:
    """Let only the site's user read what is not public, also what an earlier version left open to others.

    Media stay readable: a proxy may send them. `database_file` is SQLite's, with its WAL beside it; "" for PostgreSQL.
    """
    files = [data_dir / name for name in ("secret_key", "content-version", "shown-views", "chat-knocks")]
    files += [Path(f"{database_file}{end}") for end in ("", "-wal", "-shm", "-journal") if database_file]
    for folder in (data_dir / "private", data_dir / "journal"):
        files += [folder, *folder.rglob("*")]
    for path in files:
        mode = 0o700 if path.is_dir() else 0o600
        try:
            if stat.S_IMODE(path.stat().st_mode) & 0o077:
                path.chmod(mode)
        except FileNotFoundError:
            pass  # or folded meanwhile
        except OSError as error:  # another user's, or a volume that knows no modes
            logger.warning("others may read %s: its mode cannot be changed (%s)", path, error.strerror)


def read_secret_key(env: Variables, data_dir: Path) -> str:
    """SECRET_KEY, or the key in DATA_DIR/secret_key, which is created if it is missing."""
    key = env.get("SECRET_KEY", "").strip()
    if key:
        if len(key) < 50 or len(set(key)) < 5:
            raise SettingError(
                "SECRET_KEY", "it is too short or too plain.", "Use 50 random characters or more."
            )
        return key
    path = data_dir / "secret_key"
    try:
        if not path.exists():
            _create_secret_key(path)
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(
            "SECRET_KEY",
            f"{path} cannot be read ({type(error).__name__}).",
            "Mend the file, or set SECRET_KEY.",
        ) from None
    if len(key) < 50:
        raise SettingError(
            "SECRET_KEY", f"{path} holds no usable key.", "Delete the file; a new one is made."
        )
    return key


def _create_secret_key(path):
    """Several processes may start at once: the first to link its finished file wins."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent)  # mode 0600
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(64))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)
