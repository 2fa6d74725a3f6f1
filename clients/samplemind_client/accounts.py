"""Signing in, and the sessions and keys of an account."""

from collections.abc import AsyncGenerator, Iterator
from datetime import datetime

from samplemind.v1 import auth_pb2 as pb
from samplemind_client.line.credential import ApiKey, Nobody, Session
from samplemind_client.line.line import Line
from samplemind_client.line.signin import choose_server, sign_in
from samplemind_client.line.tokens import read_tokens
from samplemind_client.pages import pages, request_id
from samplemind_client.values.account import (
    Key,
    Me,
    OpenSession,
    User,
    read_key,
    read_me,
    read_session,
    read_user,
)
from samplemind_client.values.moment import stamp
from samplemind_client.waiting import Waiting
from samplemind_client.whereabouts import own_server


class AsyncAuth:
    """Who calls."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def register(self, email: str, password: str) -> None:
        """Make an account; the same answer whether or not the address is taken: login() tells."""
        request = pb.RegisterRequest(email=email, password=password, request_id=request_id())
        await self._line.call("AuthService/Register", request, pb.RegisterResponse, signed=False)

    async def login(self, email: str, password: str, *, remember: bool = False) -> User:
        """Sign this client in by password; `remember` keeps the session for later clients and commands."""
        password_of = pb.PasswordCredential(email=email, password=password)
        return await self._login(pb.LoginRequest(password=password_of), remember)

    async def login_with_code(self, code: str, *, remember: bool = False) -> User:
        """Sign this client in by a one-time code, such as the one that the daemon's first start prints."""
        return await self._login(pb.LoginRequest(one_time_code=code), remember)

    async def login_with_key(self, key: str, *, remember: bool = False) -> User:
        """Show this API key from now on, if it is good."""
        before, self._line.credential = self._line.credential, ApiKey(key)
        try:
            user = (await self.me()).user
        except BaseException:
            self._line.credential = before
            raise
        if remember:
            sign_in(self._line.server).keep_key(key)
            self._choose()
        return user

    async def logout(self, *, everywhere: bool = False) -> None:
        """End this session, or all of the user's; it is forgotten here even where the daemon cannot be told."""
        request = pb.LogoutRequest(everywhere=everywhere)
        try:
            await self._line.call("AuthService/Logout", request, pb.LogoutResponse)
        finally:
            if isinstance(self._line.credential, Session):
                if self._line.credential.kept:
                    self._line.credential.kept.forget()
                self._line.credential = Nobody()

    async def me(self) -> Me:
        """Who is calling, and with what scope."""
        return read_me(await self._line.call("AuthService/GetMe", pb.GetMeRequest(), pb.GetMeResponse))

    async def change_password(self, current: str, new: str) -> None:
        """Choose a password; `current` is "" where there was none. Every other session ends."""
        request = pb.ChangePasswordRequest(
            current_password=current, new_password=new, request_id=request_id()
        )
        answer = await self._line.call("AuthService/ChangePassword", request, pb.ChangePasswordResponse)
        kept = self._line.credential.kept if isinstance(self._line.credential, Session) else None
        self._take(answer.tokens, remember=kept is not None)

    def sessions(self) -> AsyncGenerator[OpenSession, None]:
        """Where the account is signed in, newest first."""
        return pages(self._sessions_page)

    async def end_session(self, session_id: str) -> None:
        """End a session of the account at once, wherever it is."""
        request = pb.RevokeSessionRequest(session_id=session_id, request_id=request_id())
        await self._line.call("AuthService/RevokeSession", request, pb.RevokeSessionResponse)

    async def _sessions_page(self, token: str) -> tuple[Iterator[OpenSession], str]:
        request = pb.ListSessionsRequest(page_token=token)
        answer = await self._line.call("AuthService/ListSessions", request, pb.ListSessionsResponse)
        return map(read_session, answer.sessions), answer.next_page_token

    async def _login(self, request: pb.LoginRequest, remember: bool) -> User:
        answer = await self._line.call("AuthService/Login", request, pb.LoginResponse, signed=False)
        self._take(answer.tokens, remember)
        return read_user(answer.user)

    def _take(self, message: pb.Tokens, remember: bool) -> None:
        tokens = read_tokens(message)
        kept = sign_in(self._line.server) if remember else None
        if kept:
            kept.keep_tokens(tokens)
            self._choose()
        self._line.credential = Session(tokens, kept)

    def _choose(self) -> None:
        """Make this daemon the one that later clients and commands ask."""
        choose_server("" if self._line.server == own_server() else self._line.server)


class AsyncKeys:
    """The caller's API keys."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def create(self, name: str, scope: str = "analyze", expires_at: datetime | None = None) -> Key:
        """A new key for "read", "analyze" or "admin"; its secret is in this answer and nowhere else."""
        request = pb.CreateApiKeyRequest(
            name=name,
            scope=pb.Scope.Value(f"SCOPE_{scope.upper()}"),
            expires_at=stamp(expires_at) if expires_at else None,
            request_id=request_id(),
        )
        answer = await self._line.call("AuthService/CreateApiKey", request, pb.CreateApiKeyResponse)
        return read_key(answer.api_key, answer.secret)

    def list(self) -> AsyncGenerator[Key, None]:
        """The keys, newest first, without their secrets."""
        return pages(self._page)

    async def revoke(self, key_id: str) -> Key:
        """Make a key useless at once."""
        request = pb.RevokeApiKeyRequest(api_key_id=key_id, request_id=request_id())
        answer = await self._line.call("AuthService/RevokeApiKey", request, pb.RevokeApiKeyResponse)
        return read_key(answer.api_key)

    async def _page(self, token: str) -> tuple[Iterator[Key], str]:
        request = pb.ListApiKeysRequest(page_token=token)
        answer = await self._line.call("AuthService/ListApiKeys", request, pb.ListApiKeysResponse)
        return map(read_key, answer.api_keys), answer.next_page_token


class Auth:
    """AsyncAuth for code that waits."""

    def __init__(self, auth: AsyncAuth, waiting: Waiting) -> None:
        self._auth, self._run, self._each = auth, waiting.run, waiting.each

    def register(self, email: str, password: str) -> None:
        """Make an account; the same answer whether or not the address is taken: login() tells."""
        self._run(self._auth.register(email, password))

    def login(self, email: str, password: str, *, remember: bool = False) -> User:
        """Sign this client in by password; `remember` keeps the session for later clients and commands."""
        return self._run(self._auth.login(email, password, remember=remember))

    def login_with_code(self, code: str, *, remember: bool = False) -> User:
        """Sign this client in by a one-time code, such as the one that the daemon's first start prints."""
        return self._run(self._auth.login_with_code(code, remember=remember))

    def login_with_key(self, key: str, *, remember: bool = False) -> User:
        """Show this API key from now on, if it is good."""
        return self._run(self._auth.login_with_key(key, remember=remember))

    def logout(self, *, everywhere: bool = False) -> None:
        """End this session, or all of the user's; it is forgotten here even where the daemon cannot be told."""
        self._run(self._auth.logout(everywhere=everywhere))

    def me(self) -> Me:
        """Who is calling, and with what scope."""
        return self._run(self._auth.me())

    def change_password(self, current: str, new: str) -> None:
        """Choose a password; `current` is "" where there was none. Every other session ends."""
        self._run(self._auth.change_password(current, new))

    def sessions(self) -> Iterator[OpenSession]:
        """Where the account is signed in, newest first."""
        return self._each(self._auth.sessions())

    def end_session(self, session_id: str) -> None:
        """End a session of the account at once, wherever it is."""
        self._run(self._auth.end_session(session_id))


class Keys:
    """AsyncKeys for code that waits."""

    def __init__(self, keys: AsyncKeys, waiting: Waiting) -> None:
        self._keys, self._waiting = keys, waiting

    def create(self, name: str, scope: str = "analyze", expires_at: datetime | None = None) -> Key:
        """A new key for "read", "analyze" or "admin"; its secret is in this answer and nowhere else."""
        return self._waiting.run(self._keys.create(name, scope, expires_at))

    def list(self) -> Iterator[Key]:
        """The keys, newest first, without their secrets."""
        return self._waiting.each(self._keys.list())

    def revoke(self, key_id: str) -> Key:
        """Make a key useless at once."""
        return self._waiting.run(self._keys.revoke(key_id))
