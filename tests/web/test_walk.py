"""Every call there is, made by everyone who might make it: the door lets nobody do more than gRPC does."""

import pytest
from browsing import Browser
from raw_calls import RPCS, Outcome

from samplemind.v1 import auth_pb2

PUT_OUT = ("AuthService/Logout", "AuthService/ChangePassword")  # what ends the session that the others need


def walked(browser, rpc, headers):
    """How a call of the door ends, or begins if it is a stream that goes on."""
    if not RPCS[rpc].server_streaming:
        return browser.call(rpc, headers)
    stream = browser.stream(rpc, headers)
    first = next(iter(stream), None)
    stream.close()
    return stream.ended if first is None else Outcome("OK")


@pytest.fixture
def callers(house, ada):
    """Credentials of all kinds, good and bad, by whose they are."""
    token = ada.headers[0][1]
    return {
        "nobody": {},
        "garbage": {"authorization": "Bearer garbage"},
        "another scheme": {"authorization": token.replace("Bearer", "Basic")},
        "a refresh token": {"authorization": f"Bearer {ada.tokens.refresh_token}"},
        "a changed token": {"authorization": f"{token[:-6]}AAAAAA"},
        "a key that never was": {"x-api-key": "sm_" + "A" * 43},
        "a token and a key": {"authorization": token, **dict(ada.make_key()[1])},
        "a key that may read": dict(ada.make_key(auth_pb2.SCOPE_READ)[1]),
        "a key that may analyse": dict(ada.make_key(auth_pb2.SCOPE_ANALYZE)[1]),
        "a member": {"authorization": token},
        "the owner": {"x-api-key": house.owner_key},
    }


def test_everyone_is_told_by_the_door_what_grpc_tells_him(house, channel, callers):
    browser = Browser(house.web)
    for who, headers in callers.items():
        for rpc in sorted(set(RPCS) - set(PUT_OUT)):
            ours, theirs = walked(browser, rpc, headers), channel.call(rpc, list(headers.items()))
            assert (ours.code, ours.reason) == (theirs.code, theirs.reason), (who, rpc, ours, theirs)


def test_cookies_make_nobody_more_than_a_credential_does(page, ada):
    for rpc in sorted(set(RPCS) - set(PUT_OUT)):
        if rpc == "AuthService/Refresh":
            continue
        ours, theirs = walked(page, rpc, {}), ada(rpc)
        assert (ours.code, ours.reason) == (theirs.code, theirs.reason), (rpc, ours, theirs)
