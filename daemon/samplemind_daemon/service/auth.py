"""AuthService: accounts, tokens and API keys."""

import grpc
from google.protobuf.message import Message

from samplemind.v1 import auth_pb2 as pb
from samplemind.v1 import auth_pb2_grpc
from samplemind_daemon.access import Access
from samplemind_daemon.refusals import Invalid
from samplemind_daemon.service import wire_auth as wire
from samplemind_daemon.service.callers import PLACE, agent_of_call, caller, request_uuid, row_id
from samplemind_daemon.service.moments import microseconds, moment_of
from samplemind_daemon.service.pages import page_size, page_start, page_token

Context = grpc.aio.ServicerContext[Message, Message]


class AuthService(auth_pb2_grpc.AuthServiceServicer):
    """Lets people and programs in, and out."""

    def __init__(self, access: Access) -> None:
        self._access = access

    async def Register(self, request: pb.RegisterRequest, context: Context) -> pb.RegisterResponse:
        _check_request_id(request.request_id)  # the e-mail address itself makes a retry safe
        await self._access.register(request.email, request.password)
        return pb.RegisterResponse()

    async def Login(self, request: pb.LoginRequest, context: Context) -> pb.LoginResponse:
        place, agent = PLACE.get(), agent_of_call(context)
        match request.WhichOneof("credential"):
            case "password":
                email, password = request.password.email, request.password.password
                given = await self._access.login(email, password, place, agent)
            case "one_time_code":
                given = await self._access.login_by_code(request.one_time_code, place, agent)
            case _:
                why = {"credential": "say a password or a one_time_code"}
                raise Invalid("NO_CREDENTIAL", "Signing in takes a password or a one-time code.", why)
        tokens, user = given
        return pb.LoginResponse(tokens=wire.tokens(tokens), user=wire.user(user))

    async def Refresh(self, request: pb.RefreshRequest, context: Context) -> pb.RefreshResponse:
        return pb.RefreshResponse(tokens=wire.tokens(await self._access.refresh(request.refresh_token)))

    async def Logout(self, request: pb.LogoutRequest, context: Context) -> pb.LogoutResponse:
        await self._access.logout(caller(), request.everywhere)
        return pb.LogoutResponse()

    async def GetMe(self, request: pb.GetMeRequest, context: Context) -> pb.GetMeResponse:
        known = caller()
        return pb.GetMeResponse(user=wire.user(known.user), scope=wire.SCOPES[known.scope])

    async def ChangePassword(
        self, request: pb.ChangePasswordRequest, context: Context
    ) -> pb.ChangePasswordResponse:
        _check_request_id(request.request_id)
        changed = self._access.change_password(
            caller(), request.current_password, request.new_password, PLACE.get(), agent_of_call(context)
        )
        return pb.ChangePasswordResponse(tokens=wire.tokens(await changed))

    async def ListSessions(
        self, request: pb.ListSessionsRequest, context: Context
    ) -> pb.ListSessionsResponse:
        known, size = caller(), page_size(request.page_size)
        query = "ListSessions", known.user.id
        start = page_start(query, request.page_token, int)
        after = (moment_of(int(start[0])), start[1]) if start else None
        found = await self._access.list_sessions(known, after, size + 1)
        sessions, further = [wire.session(one, known.session) for one in found[:size]], ""
        if len(found) > size:
            further = page_token(query, microseconds(found[size - 1].created_at), found[size - 1].id)
        return pb.ListSessionsResponse(sessions=sessions, next_page_token=further)

    async def RevokeSession(
        self, request: pb.RevokeSessionRequest, context: Context
    ) -> pb.RevokeSessionResponse:
        await self._access.end_session(caller(), request.session_id)
        return pb.RevokeSessionResponse()

    async def CreateApiKey(
        self, request: pb.CreateApiKeyRequest, context: Context
    ) -> pb.CreateApiKeyResponse:
        id, scope, expires_at = row_id(request.request_id), wire.scope(request.scope), wire.expiry(request)
        key, secret = await self._access.create_key(caller(), id, request.name, scope, expires_at)
        return pb.CreateApiKeyResponse(api_key=wire.api_key(key), secret=secret)

    async def ListApiKeys(self, request: pb.ListApiKeysRequest, context: Context) -> pb.ListApiKeysResponse:
        size, query = page_size(request.page_size), ("ListApiKeys", caller().user.id)
        _, after = page_start(query, request.page_token, str) or ("", "")
        keys = await self._access.list_keys(caller(), after, size + 1)
        further = page_token(query, "", keys[size - 1].id) if len(keys) > size else ""
        return pb.ListApiKeysResponse(api_keys=map(wire.api_key, keys[:size]), next_page_token=further)

    async def RevokeApiKey(
        self, request: pb.RevokeApiKeyRequest, context: Context
    ) -> pb.RevokeApiKeyResponse:
        key = await self._access.revoke_key(caller(), request.api_key_id)
        return pb.RevokeApiKeyResponse(api_key=wire.api_key(key))


def _check_request_id(given: str) -> None:
    if given:
        request_uuid(given)
