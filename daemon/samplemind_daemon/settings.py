"""Every setting of the daemon: command line over environment over samplemind.toml over these defaults."""

import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from samplemind_daemon.address import Address, parse

HOME = Path("~/.local/share/samplemind")


Origin = Annotated[str, Field(pattern=r"^https?://[^/\s?#@*]+$")]  # as browsers say it: no path, no slash


class CannotConfigure(Exception):
    """A setting is wrong; the message names it and its value."""


class Settings(BaseSettings):
    """The daemon's settings; each is also SAMPLEMIND_… in the environment and a key in samplemind.toml."""

    model_config = SettingsConfigDict(
        env_prefix="SAMPLEMIND_", frozen=True, extra="forbid", allow_inf_nan=False
    )

    home: Path = HOME
    listen: str = "127.0.0.1:50051"
    web: str = "127.0.0.1:50080"  # where browsers are answered; empty for nowhere
    database: str = Field("", pattern=r"^(postgresql://.+)?$", repr=False)  # the file in the home if empty
    engine: str = Field("local", pattern=r"^(local|(nats|tls)://.+)$", repr=False)  # who has jobs done
    engine_credentials: Path | None = None  # for NATS: a .creds file, or an nkey's seed (.nk)
    blobs: str = Field(
        "", pattern=r"^(s3://[^/]+.*)?$"
    )  # where bytes are kept; the folder in the home if empty
    signing_key: Path | None = (
        None  # PEM, the same for all daemons on a database; one of its own in the home if None
    )
    cache_gb: float = Field(10, gt=0, le=1e6)  # of what lies in a bucket that are here, too
    aws_access_key_id: SecretStr | None = Field(None, validation_alias="AWS_ACCESS_KEY_ID")
    aws_secret_access_key: SecretStr | None = Field(None, validation_alias="AWS_SECRET_ACCESS_KEY")
    aws_session_token: SecretStr | None = Field(None, validation_alias="AWS_SESSION_TOKEN")
    metrics: str = ""  # where Prometheus is answered, such as 127.0.0.1:9464; empty for nowhere
    metrics_token: SecretStr | None = None  # that it must show; needed where other machines can ask
    web_app: Path | None = None  # the folder of the built web app; the one that is installed if None
    web_origins: tuple[Origin, ...] = ()  # of pages that may call, beside those at `web` itself
    web_proxies: tuple[str, ...] = ()  # addresses whose X-Forwarded-For and -Proto are believed
    tls_certificate: Path | None = None  # PEM; needed, with its key, where other machines can call
    tls_key: Path | None = None
    tls_self_signed: bool = False  # by a certificate that the daemon makes and keeps in its home
    workers: int = Field(default_factory=lambda: len(os.sched_getaffinity(0)), ge=1, le=256)
    registration: Literal["open", "closed"] = "open"
    reflection: bool = True
    access_minutes: float = Field(30, gt=0, le=24 * 60)
    refresh_days: float = Field(7, gt=0, le=365)
    calls_a_minute: int = Field(60, ge=1, le=10_000_000)  # a user, or an address before it signs in
    calls_an_hour: int = Field(1_000, ge=1, le=10_000_000)
    connections_an_address: int = Field(1_024, ge=1)  # 64 where other machines can call
    connection_seconds: float = Field(3_600, ge=1, le=86_400)  # that a connection lasts: clients open another
    max_upload_mb: int = Field(100, ge=1, le=10_000)
    max_open_jobs: int = Field(200_000, ge=1)  # a user
    max_open_uploads: int = Field(64, ge=1)  # a user
    max_sounds: int = Field(1_000_000, ge=1)  # that a user has sent
    max_stored_gb: float = Field(1_000, gt=0, le=1e9)  # of them
    longest_hours: float = Field(6, gt=0, le=24)  # of sound in a file
    live_streams: int = Field(8, ge=0, le=256)  # at a time; each has a worker of its own
    worker_memory_mb: int = Field(1_536, ge=256)
    worker_scratch: Path | None = None  # the one folder that plugins may write to
    allow_uncaged: bool = False  # workers, where other machines can call and the system cannot cage them
    quiet_seconds: float = Field(3, ge=0.1)  # a file counts once it has not changed for so long
    closed_seconds: float = Field(1, ge=0.05)  # ... or for so long after its writer closed it
    sweep_seconds: float = Field(60, ge=1)  # between sweeps of a watch folder
    events_days: float = Field(30, gt=0, le=36_500)  # that events are kept
    heartbeat_seconds: float = Field(15, gt=0)  # between heartbeats of a quiet event stream
    drain_seconds: float = Field(10, ge=0)  # that running jobs get at the end
    sentry_dsn: SecretStr | None = None  # where bugs are reported
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["auto", "text", "json"] = "auto"

    @property
    def access_life(self) -> timedelta:
        return timedelta(minutes=self.access_minutes)

    @property
    def refresh_life(self) -> timedelta:
        return timedelta(days=self.refresh_days)

    @property
    def address(self) -> Address:
        """Where gRPC listens."""
        return parse(self.listen)

    @property
    def web_address(self) -> Address | None:
        """Where browsers are answered, if they are."""
        return parse(self.web) if self.web else None

    @property
    def metrics_address(self) -> Address | None:
        """Where Prometheus is answered, if it is."""
        return parse(self.metrics) if self.metrics else None

    @property
    def is_public(self) -> bool:
        """Whether other machines can call."""
        return not all(one.is_loopback for one in (self.address, self.web_address) if one)

    @property
    def tls(self) -> bool:
        """Whether calls are encrypted."""
        return self.tls_self_signed or self.tls_certificate is not None

    @property
    def max_upload_bytes(self) -> int:
        return self.max_upload_mb * 1_000_000

    @property
    def place(self) -> Path | str:
        """Where the database is: its file, or the URL of PostgreSQL."""
        return self.database or self.database_file

    @property
    def database_file(self) -> Path:
        """The file of the database, where it is one of SQLite."""
        return self.home / "samplemind.db"

    @property
    def blobs_folder(self) -> Path:
        """The folder of the bytes that were sent here, where they are kept on a disk."""
        return self.home / "blobs"

    @property
    def cache_folder(self) -> Path:
        """The folder of what is kept elsewhere and was asked for here."""
        return self.home / "cache"

    @property
    def most_cached_bytes(self) -> int:
        return int(self.cache_gb * 1e9)

    @property
    def max_stored_bytes(self) -> int:
        return int(self.max_stored_gb * 1e9)

    @property
    def inbox(self) -> Path:
        """The folder that is watched from the first start on."""
        return self.home / "inbox"

    @property
    def plugins(self) -> Path:
        """The folder whose .py files are plugins."""
        return self.home / "plugins"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Strongest first; the file is the one that `load` names."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, _config_file())


def load(config: Path | None = None, **given: Any) -> Settings:
    """The settings in force, with `given` (from the command line, None where not given) over all others.

    Raises CannotConfigure with a sentence for each setting that is wrong.
    """
    if config is not None:
        os.environ["SAMPLEMIND_CONFIG"] = str(config)
    if (named := _config_file()) is not None and not named.is_file():
        raise CannotConfigure(f"there is no configuration file {named}")
    try:
        settings = Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as wrong:
        raise CannotConfigure("; ".join(_sentence(one) for one in wrong.errors())) from None
    except (OSError, ValueError) as wrong:  # of a file that cannot be read, or is no TOML
        raise CannotConfigure(f"the configuration file {named} cannot be read: {wrong}") from None
    if (settings.tls_certificate is None) != (settings.tls_key is None):
        raise CannotConfigure("tls_certificate and tls_key are given together, or neither is")
    if settings.tls_self_signed and settings.tls_certificate is not None:
        raise CannotConfigure(
            "tls_self_signed and tls_certificate exclude each other: one certificate is enough"
        )
    changes: dict[str, Any] = {"home": settings.home.expanduser().absolute()}
    if _address("listen", settings.listen).port == 0 and "web" not in settings.model_fields_set:
        changes["web"] = "127.0.0.1:0"  # beside a daemon that takes any free port there may be another
    if settings.web:
        _address("web", settings.web)
    if settings.metrics:
        _address("metrics", settings.metrics)
    if settings.is_public:  # strangers are let in, and shown around, on purpose or not at all
        careful = {"registration": "closed", "reflection": False, "connections_an_address": 64}
        changes |= {name: value for name, value in careful.items() if name not in settings.model_fields_set}
    return settings.model_copy(update=changes)


def _address(name: str, value: str) -> Address:
    try:
        return parse(value)
    except ValueError as wrong:
        raise CannotConfigure(f"{name}: {wrong}") from None


def _config_file() -> Path | None:
    named = os.environ.get("SAMPLEMIND_CONFIG")
    return Path(named).expanduser() if named else None


def _sentence(error: Any) -> str:
    name = ".".join(str(part) for part in error["loc"]) or "settings"
    return f"{name} cannot be {error.get('input')!r}: {error['msg']}"


assert sys.version_info >= (3, 11)
