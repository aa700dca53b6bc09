"""A wrong setting stops the start with one line that names the remedy and holds no secret."""

import stat

import pytest

from greenenergy.config.operator_settings import SETTINGS, Environment
from greenenergy.config.values import SettingError

WRONG = [
    ("PORT", "80a"),
    ("PORT", "0"),
    ("PORT", "70000"),
    ("BIND", "everywhere"),
    ("DEBUG", "yes"),
    ("SITE_URL", "www.example.com"),
    ("SITE_URL", "ftp://www.example.com"),
    ("SITE_URL", "https://www.example.com/news"),
    ("SITE_URL", "https://a.example.com,http://b.example.com"),
    ("SITE_URL", "https://user:S3cret-pw@www.example.com"),
    ("SITE_URL", "https://[::1"),
    ("SITE_URL", "https://exa mple.com"),
    ("SECRET_KEY", "S3cret-pw"),
    ("DATA_DIR", "/proc/nowhere"),
    ("DATABASE_URL", "mysql://root:S3cret-pw@localhost/site"),
    ("DATABASE_URL", "postgres://root:S3cret-pw@localhost:port/site"),
    ("DATABASE_URL", "postgres://root:S3cret-pw@localhost/"),
    ("DATABASE_URL", "postgres://root:S3cret-pw@localhost/site?ssl=on"),
    ("DATABASE_URL", "sqlite:////no/such/folder/site.sqlite3"),
    ("DATABASE_URL", "S3cret-pw"),
    ("DATABASE_URL", "sqlite:///"),
    ("DATABASE_URL", "sqlite://"),
    ("DATABASE_URL", "sqlite:///:memory:"),
    ("DATABASE_URL", "sqlite://site.sqlite3"),
    ("DATABASE_URL", "sqlite:////etc/passwd"),
    ("DATABASE_URL", "sqlite:////etc"),
    ("DATABASE_URL", "postgres://root:S3cret-pw@localhost/site?tcp_user_timeout=5s"),
    ("DATA_DIR", "~/site"),
    ("TRUSTED_PROXIES", "0.0.0.0/0"),
    ("TRUSTED_PROXIES", "127.0.0.1,::/0"),
    ("TRUSTED_PROXIES", "128.0.0.0/1"),
    ("REDIS_URL", "http://:S3cret-pw@localhost"),
    ("REDIS_URL", "redis://:S3cret-pw@localhost:port"),
    ("REDIS_URL", "redis://:S3cret-pw@localhost/name"),
    ("MEDIA_STORAGE_URL", "S3cret-pw"),
    ("MEDIA_STORAGE_URL", "https://key:S3cret-pw@bucket"),
    ("MEDIA_STORAGE_URL", "s3://key:S3cret-pw@"),
    ("MEDIA_STORAGE_URL", "s3://key:S3cret-pw@Bucket"),
    ("MEDIA_STORAGE_URL", "s3://key:S3cret-pw@bu_cket"),
    ("MEDIA_STORAGE_URL", "s3://key:S3cret-pw@127.0.0.1"),
    ("MEDIA_STORAGE_URL", "s3://key:S3cret-pw@bucket:9000"),
    ("MEDIA_STORAGE_URL", "s3://key:S3cret-pw@bucket:port"),
    ("MEDIA_STORAGE_URL", "s3://key:S3cret/pw@bucket"),  # a slash that should be %2F
    ("MEDIA_STORAGE_URL", "s3://key:S3cret-pw@bucket/folder"),
    ("MEDIA_STORAGE_URL", "s3://key:S3cret-pw@bucket#x"),
    ("MEDIA_STORAGE_URL", "s3://bucket"),  # no key anywhere
    ("MEDIA_STORAGE_URL", "s3://key@bucket"),
    ("MEDIA_STORAGE_URL", "s3://:S3cret-pw@bucket"),
    ("MEDIA_STORAGE_URL", "s3://key:S3cret-pw@bucket?public=https://cdn.example.com"),
    ("MEDIA_STORAGE_URL", "s3://key:S3cret-pw@bucket?endpoint="),
    ("MEDIA_STORAGE_URL", "s3://key:S3cret-pw@bucket?endpoint=store.example.com"),
    ("MEDIA_STORAGE_URL", "s3://key:S3cret-pw@bucket?endpoint=ftp://store.example.com"),
    ("MEDIA_STORAGE_URL", "s3://key:S3cret-pw@bucket?endpoint=https://store.example.com:port"),
    ("MEDIA_STORAGE_URL", "s3://key:S3cret-pw@bucket?endpoint=https://store.example.com/bucket"),
    ("MEDIA_STORAGE_URL", "s3://bucket?endpoint=https://key:S3cret-pw@store.example.com"),
    ("MEDIA_STORAGE_URL", "s3://key:S3cret-pw@bucket?region="),
    ("MEDIA_STORAGE_URL", "s3://key:S3cret-pw@bucket?region=Hang%20zhou"),
    ("MEDIA_STORAGE_URL", "s3://key:S3cret-pw@bucket?region=a&region=b"),
    ("MEDIA_STORAGE_URL", "s3://key:S3cret-pw@bucket?addressing=dns"),
    ("TRUSTED_PROXIES", "nginx"),
    ("WEB_CONCURRENCY", "-1"),
    ("WEB_CONCURRENCY", "abc"),
    ("WEB_CONCURRENCY", "1.5"),
    ("REQUEST_THREADS", "many"),
    ("STATEMENT_SECONDS", "0"),
    ("REQUEST_WAIT_SECONDS", "1.5"),
    ("VIEWS_PER_ADDRESS", "no"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_is_named_with_a_remedy(name, value, tmp_path):
    with pytest.raises(SettingError) as error:
        Environment.read({"DATA_DIR": str(tmp_path), name: value})
    line = str(error.value)
    assert line.startswith(f"{name}: ")
    assert line.endswith(".")
    assert line.count(". ") >= 1
    assert "S3cret-pw" not in line
    assert "\n" not in line


@pytest.mark.parametrize("value", ["a\nb", "\x1b[31m", "x" * 5000])
def test_control_characters_and_long_values_stay_on_one_short_line(value, tmp_path):
    with pytest.raises(SettingError) as error:
        Environment.read({"DATA_DIR": str(tmp_path), "DEBUG": value})
    assert str(error.value).isprintable()
    assert len(str(error.value)) < 200


@pytest.mark.parametrize(
    "networks", ["10.0.0.0/8", "127.0.0.1, fc00::/7", "203.0.113.0/24", "172.16.0.0/12,::1"]
)
def test_networks_of_proxies_are_accepted(networks, tmp_path):
    read = Environment.read({"DATA_DIR": str(tmp_path), "TRUSTED_PROXIES": networks}).trusted_proxies
    assert len(read) == networks.count(",") + 1


def test_an_sqlite_file_may_exist_be_empty_or_be_missing(tmp_path):
    for name, content in [("a", b"SQLite format 3\0"), ("b", b""), ("c", None)]:
        if content is not None:
            (tmp_path / name).write_bytes(content)
        url = f"sqlite:///{tmp_path}/{name}"
        database = Environment.read({"DATA_DIR": str(tmp_path), "DATABASE_URL": url}).database
        assert database["NAME"] == f"{tmp_path}/{name}"


def test_what_notices_a_dead_connection_may_be_set_in_database_url(tmp_path):
    url = "postgres://root@db/site?tcp_user_timeout=3000&keepalives_idle=9&keepalives_count=2"
    options = Environment.read({"DATA_DIR": str(tmp_path), "DATABASE_URL": url}).database["OPTIONS"]
    assert {name: int(value) for name, value in options.items()} == {
        "tcp_user_timeout": 3000,
        "keepalives_idle": 9,
        "keepalives_count": 2,
    }


def storage(tmp_path, url, **env):
    return Environment.read({"DATA_DIR": str(tmp_path), "MEDIA_STORAGE_URL": url, **env}).media_storage


def test_a_bucket_is_described_in_one_url(tmp_path):
    url = "s3://key:S%2F%2B@media?endpoint=https://oss.example.com&region=cn-hangzhou&addressing=virtual"
    assert storage(tmp_path, url) == {
        "bucket_name": "media",
        "endpoint_url": "https://oss.example.com",
        "region_name": "cn-hangzhou",
        "addressing_style": "virtual",
        "access_key": "key",
        "secret_key": "S/+",
        "security_token": None,
    }
    assert storage(tmp_path, "s3://key:secret@my.media-1")["endpoint_url"] is None
    assert (
        storage(tmp_path, "s3://key:secret@media?endpoint=http://10.0.0.9:9000")["addressing_style"] == "path"
    )
    assert storage(tmp_path, "") == {}


def test_the_key_of_a_bucket_may_come_from_the_aws_variables(tmp_path):
    keys = {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "S3cret", "AWS_SESSION_TOKEN": "token"}
    found = storage(tmp_path, "s3://media", **keys)
    assert [found[name] for name in ("access_key", "secret_key", "security_token")] == [
        "id",
        "S3cret",
        "token",
    ]
    found = storage(tmp_path, "s3://key:pw@media", **keys)
    assert [found[name] for name in ("access_key", "secret_key", "security_token")] == ["key", "pw", None]
    with pytest.raises(SettingError, match="AWS_SECRET_ACCESS_KEY"):
        storage(tmp_path, "s3://media", AWS_ACCESS_KEY_ID="id")


def test_every_variable_that_is_read_is_declared_once(tmp_path):
    """With a bucket without a key in its URL, so that the variables of the key are read, too."""
    read = set()

    class Recorded(dict):
        def get(self, name, default=None):
            read.add(name)
            return super().get(name, default)

    Environment.read(
        Recorded(
            DATA_DIR=str(tmp_path),
            MEDIA_STORAGE_URL="s3://bucket",
            AWS_ACCESS_KEY_ID="key",
            AWS_SECRET_ACCESS_KEY="secret",
        )
    )
    names = [setting.name for setting in SETTINGS]
    of_prepare_site = {"DJANGO_SUPERUSER_USERNAME", "DJANGO_SUPERUSER_PASSWORD"}
    assert sorted(names) == sorted(read | of_prepare_site)


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("0", "'0' does not fit. Use a whole number from 1 to 1000000."),
        ("1000001", "'1000001' does not fit. Use a whole number from 1 to 1000000."),
        ("-3", "'-3' does not fit. Use a whole number from 1 to 1000000."),
    ],
)
def test_a_limit_has_the_bounds_of_its_declaration(value, line, tmp_path):
    with pytest.raises(SettingError) as error:
        Environment.read({"DATA_DIR": str(tmp_path), "CHAT_MESSAGES_PER_MINUTE": value})
    assert str(error.value) == f"CHAT_MESSAGES_PER_MINUTE: {line}"


def test_a_limit_is_a_number_or_its_default(tmp_path):
    limits = Environment.read({"DATA_DIR": str(tmp_path), "CHAT_MESSAGES_PER_MINUTE": " 7 "})
    assert (limits.chat_messages_per_minute, limits.chat_conversations_per_hour) == (7, 1000)


def test_without_any_setting_there_is_a_working_site(tmp_path):
    environment = Environment.read({"DATA_DIR": str(tmp_path)})
    assert environment.hosts == ["127.0.0.1", "localhost"]
    assert not environment.https
    assert environment.database == {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": f"{tmp_path}/site.sqlite3",
    }


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("https://www.Example.com:443/", "https://www.example.com"),
        ("http://example.com:80", "http://example.com"),
        ("https://example.com:8443", "https://example.com:8443"),
        ("https://[2001:db8::1]", "https://[2001:db8::1]"),
    ],
)
def test_the_sites_url_is_as_browsers_name_it(given, read, tmp_path):
    environment = Environment.read({"DATA_DIR": str(tmp_path), "SITE_URL": given})
    assert environment.site_urls == (read,)
    assert environment.hosts[0] in read


def test_the_secret_key_is_made_once_and_readable_only_by_its_owner(tmp_path):
    first = Environment.read({"DATA_DIR": str(tmp_path)}).secret_key
    assert Environment.read({"DATA_DIR": str(tmp_path)}).secret_key == first
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_a_printed_environment_holds_no_secret(tmp_path):
    environment = Environment.read(
        {
            "DATA_DIR": str(tmp_path),
            "DATABASE_URL": "postgres://root:S3cret-pw@localhost/site",
            "SECRET_KEY": "S3cret" * 10,
            "MEDIA_STORAGE_URL": "s3://key:S3cret-pw@media",
        }
    )
    assert "S3cret" not in repr(environment)
