"""Where a page's tokens live: in cookies that no script can read, put there and taken out again by the door."""

from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp
from starlette.requests import HTTPConnection

from samplemind.v1 import auth_pb2 as pb

_AUTH = "/samplemind.v1.AuthService/"
REFRESH, LOGOUT = f"{_AUTH}Refresh", f"{_AUTH}Logout"
GIVING: dict[str, type[pb.LoginResponse | pb.RefreshResponse | pb.ChangePasswordResponse]] = {
    f"{_AUTH}Login": pb.LoginResponse,
    REFRESH: pb.RefreshResponse,
    f"{_AUTH}ChangePassword": pb.ChangePasswordResponse,
}  # the calls whose answers hold tokens
ACCESS, RENEWAL = "samplemind-access", "samplemind-refresh"
CREDENTIALS = ("authorization", "x-api-key")

Header = tuple[str, str]


class Cookies:
    """The tokens that came with a request."""

    def __init__(self, request: HTTPConnection) -> None:
        self._secure, self._port = request.url.scheme in ("https", "wss"), request.url.port
        self._given, self._headers = request.cookies, request.headers

    def credential(self) -> list[Header]:
        """What the call is made with: its own header, or else the access token in the cookie."""
        own = [(name, plain(self._headers[name])) for name in CREDENTIALS if name in self._headers]
        token = self._given.get(self._name(ACCESS))
        return own or ([("authorization", plain(f"Bearer {token}"))] if token else [])

    def fill(self, message: bytes) -> bytes:
        """A RefreshRequest, with the cookie's token where it has none."""
        token = self._given.get(self._name(RENEWAL))
        return message if message or not token else pb.RefreshRequest(refresh_token=token).SerializeToString()

    def take(self, path: str, message: bytes) -> tuple[bytes, list[Header]]:
        """The answer of a call in GIVING without its tokens, and the headers that keep them."""
        answer = GIVING[path].FromString(message)
        tokens = answer.tokens
        kept = [
            self._kept(ACCESS, tokens.access_token, tokens.access_expires_at),
            self._kept(RENEWAL, tokens.refresh_token, tokens.refresh_expires_at),
        ]
        tokens.access_token = tokens.refresh_token = ""
        return answer.SerializeToString(), kept

    def drop(self) -> list[Header]:
        """The headers that make the browser forget them."""
        return [self._cookie(name, "", 0) for name in (ACCESS, RENEWAL)]

    def _kept(self, name: str, token: str, ends: Timestamp) -> Header:
        left = (ends.ToDatetime(UTC) - datetime.now(UTC)).total_seconds()
        return self._cookie(name, token, max(0, int(left)))

    def _cookie(self, name: str, token: str, seconds: int) -> Header:
        rules = f"Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{'; Secure' if self._secure else ''}"
        return "set-cookie", f"{self._name(name)}={token}; {rules}"

    def _name(self, name: str) -> str:
        """With a prefix that no other host and no page without TLS can set, and the port: cookies know none."""
        return f"{'__Host-' * self._secure}{name}{f'-{self._port}' if self._port else ''}"


def plain(value: str) -> str:
    """A header's value as gRPC takes it."""
    return "".join(one if " " <= one <= "~" else "?" for one in value)
