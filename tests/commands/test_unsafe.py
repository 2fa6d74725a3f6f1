"""A daemon that would be unsafe does not start, and names the setting that makes it so."""

import pytest
from commanding import certify

from samplemind_daemon.access.certificate import CannotEncrypt
from samplemind_daemon.access.signing import CannotReadKey
from samplemind_daemon.daemon import Daemon
from samplemind_daemon.refusals import CannotServe
from samplemind_daemon.settings import CannotConfigure, load

REFUSALS = (CannotConfigure, CannotEncrypt, CannotReadKey, CannotServe)
ANYWHERE = {"listen": "0.0.0.0:0"}


@pytest.fixture
def pem(tmp_path):
    """A certificate and a key that will do."""
    certify(tmp_path / "certificate.pem", tmp_path / "key.pem")
    return {"tls_certificate": tmp_path / "certificate.pem", "tls_key": tmp_path / "key.pem"}


UNSAFE = {  # what is done to a home and to good settings, and what the refusal names
    "every address without TLS": (lambda home, pem: ANYWHERE, "listen"),
    "every IPv6 address without TLS": (lambda home, pem: {"listen": "[::]:0"}, "listen"),
    "a name of a network without TLS": (lambda home, pem: {"listen": "studio.example:0"}, "listen"),
    "an address in between": (lambda home, pem: {"listen": "192.0.2.1:0"}, "listen"),
    "a certificate without its key": (
        lambda home, pem: ANYWHERE | {"tls_certificate": pem["tls_certificate"]},
        "tls_key",
    ),
    "a key without its certificate": (
        lambda home, pem: ANYWHERE | {"tls_key": pem["tls_key"]},
        "tls_certificate",
    ),
    "two certificates": (lambda home, pem: ANYWHERE | pem | {"tls_self_signed": True}, "tls_self_signed"),
    "a key that all can read": (lambda home, pem: pem["tls_key"].chmod(0o644) or ANYWHERE | pem, "tls_key"),
    "a home that all can open": (lambda home, pem: home.chmod(0o755) or ANYWHERE | pem, "home"),
    "a certificate that is none": (
        lambda home, pem: pem["tls_certificate"].write_text("x") and ANYWHERE | pem,
        "tls_certificate",
    ),
    "no limit on calls": (lambda home, pem: ANYWHERE | pem | {"calls_a_minute": 0}, "calls_a_minute"),
}


@pytest.mark.parametrize("how", UNSAFE)
async def test_an_unsafe_start_is_refused_with_the_setting_and_opens_nothing(tmp_path, pem, how):
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    make, named = UNSAFE[how]
    with pytest.raises(REFUSALS) as refused:
        await Daemon(load(home=home, **make(home, pem))).start()
    assert named in str(refused.value) and not (home / "ready.json").exists()
    assert not (home / "samplemind.db").exists()


def test_what_strangers_can_reach_shows_itself_to_them_only_on_purpose():
    public = load(**ANYWHERE)
    assert (public.registration, public.reflection) == ("closed", False)
    told = load(registration="open", reflection=True, **ANYWHERE)
    assert (told.registration, told.reflection) == ("open", True)
