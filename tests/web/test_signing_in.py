"""A page is signed in by cookies, and never sees a token."""

import re
import time

import pytest
from browsing import Browser
from raw_calls import PASSWORD

RULES = {"Path=/", "HttpOnly", "SameSite=Strict"}


def rules(cookie):
    """What a Set-Cookie says beside the value, without the age."""
    return {one.strip() for one in cookie.split(";")[1:] if not one.strip().startswith("Max-Age")}


def age(cookie):
    return int(re.search(r"Max-Age=(\d+)", cookie)[1])


def test_signing_in_gives_cookies_and_the_page_no_token(house, browser, ada):
    outcome = browser.sign_in(ada.email)
    tokens = outcome.answer.tokens
    assert (tokens.access_token, tokens.refresh_token) == ("", "")
    assert tokens.access_expires_at.seconds > time.time() and outcome.answer.user.id == ada.id
    port = house.web.rpartition(":")[2]
    assert set(browser.cookies) == {f"samplemind-access-{port}", f"samplemind-refresh-{port}"}
    assert browser.call("AuthService/GetMe").answer.user.email == ada.email


def test_no_byte_of_any_answer_holds_a_token(browser, ada):
    body = {"password": {"email": ada.email, "password": PASSWORD}}
    path, method, sent, headers = browser._post("AuthService/Login", None, None, body)
    got = browser.ask(path, method, sent, headers)
    access, renewal = browser.cookies.values()
    assert access.count(".") == 2 and len(renewal) > 30
    assert access.encode() not in got.body and renewal.encode() not in got.body
    got = browser.ask(*browser._post("AuthService/Refresh", None, None, {}))
    for token in (access, renewal, *browser.cookies.values()):
        assert token.encode() not in got.body


def test_the_cookies_are_closed_to_scripts_and_to_other_sites_and_last_as_long_as_the_tokens(browser, ada):
    got = browser.ask(
        *browser._post(
            "AuthService/Login", None, None, {"password": {"email": ada.email, "password": PASSWORD}}
        )
    )
    access, renewal = got.cookies
    assert rules(access) == rules(renewal) == RULES
    assert 29 * 60 < age(access) <= 30 * 60 and 6.9 * 86_400 < age(renewal) <= 7 * 86_400


def test_a_page_stays_in_by_a_refresh_that_names_no_token(page):
    before = dict(page.cookies)
    outcome = page.call("AuthService/Refresh")
    assert outcome.code == "OK" and outcome.answer.tokens.refresh_token == ""
    assert page.cookies.keys() == before.keys() and not set(page.cookies.values()) & set(before.values())
    assert page.call("AuthService/GetMe").code == "OK"


def test_tabs_that_refresh_at_once_stay_in_together(house, page):
    second = Browser(house.web)
    second.cookies = dict(page.cookies)
    assert page.call("AuthService/Refresh").code == second.call("AuthService/Refresh").code == "OK"
    assert page.call("AuthService/GetMe").code == second.call("AuthService/GetMe").code == "OK"
    assert page.call("AuthService/Refresh").code == "OK"


def test_who_signs_out_is_out_and_keeps_no_cookie(house, page):
    stolen = Browser(house.web)
    stolen.cookies = dict(page.cookies)
    assert page.call("AuthService/Logout").code == "OK"
    assert page.cookies == {}
    assert stolen.call("AuthService/GetMe").reason == "UNAUTHENTICATED"
    assert stolen.call("AuthService/Refresh").reason == "UNAUTHENTICATED"
    assert stolen.cookies == {}  # what is good for nothing is forgotten


def test_a_new_password_gives_new_cookies_and_no_token(house, page):
    other = Browser(house.web)
    other.cookies = dict(page.cookies)
    changed = page.call("AuthService/ChangePassword", current_password=PASSWORD, new_password=PASSWORD[::-1])
    assert changed.code == "OK" and changed.answer.tokens.access_token == ""
    assert page.call("AuthService/GetMe").code == "OK"
    assert other.call("AuthService/GetMe").code == "UNAUTHENTICATED"


def test_a_wrong_password_gives_no_cookie(browser, ada):
    assert browser.sign_in(ada.email, "some wrong password").reason == "UNAUTHENTICATED"
    assert browser.cookies == {}


def test_the_link_of_the_first_start_signs_the_owner_in_once(strict):
    link = next(line.split()[1] for line in strict.welcome.splitlines() if line.strip().startswith("web"))
    address, _, code = link.partition("/sign-in#")
    browser = Browser(
        address, source="127.0.0.3"
    )  # one that no other test calls from: the daemon takes few calls
    assert address == strict.web
    assert browser.call("AuthService/Login", one_time_code=code).answer.user.email == "owner@localhost"
    assert browser.call("AuthService/GetMe").code == "OK"
    assert browser.call("AuthService/Login", one_time_code=code).reason == "UNAUTHENTICATED"


def test_a_credential_of_its_own_goes_before_the_cookies(house, page):
    key = {"x-api-key": house.owner_key}
    assert page.call("AuthService/GetMe", key).answer.user.email == "owner@localhost"
    assert page.call("AuthService/GetMe", {"authorization": "Bearer garbage"}).code == "UNAUTHENTICATED"


@pytest.mark.parametrize("value", ['"\\012x-api-key: y"', "\x80\xff", "a" * 7_000, "", "=;=,"])
def test_a_cookie_of_any_shape_is_nobody_and_harms_nothing(browser, value):
    port = browser.host.rpartition(":")[2]
    browser.cookies = {f"samplemind-access-{port}": value}
    assert browser.call("AuthService/GetMe").code in ("UNAUTHENTICATED", "RESOURCE_EXHAUSTED")
    browser.cookies = {}
    assert browser.call("StatusService/GetInfo").code == "OK"


def test_where_the_access_token_is_good_no_more_a_refresh_replaces_it(page):
    access = next(name for name in page.cookies if "access" in name)
    page.cookies[access] = "ended"
    assert page.call("AuthService/GetMe").code == "UNAUTHENTICATED"
    assert page.call("AuthService/Refresh").code == "OK"
    assert page.call("AuthService/GetMe").code == "OK"


def test_a_session_of_a_page_says_which_browser_it_is_and_where(browser, ada):
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0"
    asked = browser._post(
        "AuthService/Login",
        None,
        {"User-Agent": agent, "X-Forwarded-User-Agent": "another"},
        {"password": {"email": ada.email, "password": PASSWORD}},
    )
    assert browser.ask(*asked).status == 200
    newest, _ = browser.call("AuthService/ListSessions").answer.sessions
    assert (newest.user_agent, newest.place, newest.current) == (agent, "127.0.0.1", True)


def test_a_browser_that_says_nothing_or_far_too_much_of_itself_signs_in(house, ada):
    fields = {"password": {"email": ada.email, "password": PASSWORD}}
    for agent, said in ((None, ""), ("x" * 6_000, "x" * 200), ("Br\xf6wser", "Br?wser")):
        browser = Browser(house.web)
        headers = {} if agent is None else {"User-Agent": agent}
        assert browser.call("AuthService/Login", headers, **fields).code == "OK"
        assert browser.call("AuthService/ListSessions").answer.sessions[0].user_agent == said


def test_ending_the_session_of_a_page_signs_it_out_wherever_it_is(page, ada):
    [theirs] = [one.id for one in ada("AuthService/ListSessions").answer.sessions if not one.current]
    assert ada("AuthService/RevokeSession", session_id=theirs).code == "OK"
    assert page.call("AuthService/GetMe").code == "UNAUTHENTICATED"
    assert page.call("AuthService/Refresh").code == "UNAUTHENTICATED" and not page.cookies
