"""Everything that can be set is set in place; what cannot be says why there, and members are told whose it is."""

import re

import pytest
from daemon_process import DaemonProcess
from raw_calls import PASSWORD, Channel, Person

from samplemind.v1 import auth_pb2, flag_pb2

WEB = {"SAMPLEMIND_WEB": "127.0.0.1:0"}
OWNER = "owner@localhost"


@pytest.fixture(scope="module")
def house(app, tmp_path_factory):
    """A daemon of these tests alone: what they set is for all of its users. One of its plugins is broken."""
    home = tmp_path_factory.mktemp("settings") / "home"
    (home / "plugins").mkdir(parents=True)
    (home / "plugins" / "broken.py").write_text("import nothing_like_this\n")
    process = DaemonProcess(home, WEB).start()
    yield process
    process.stop()


@pytest.fixture(scope="module")
def channel(house):
    channel = Channel(house.address)
    yield channel
    channel.close()


@pytest.fixture(scope="module")
def owner(house, channel):
    """The owner, with a password."""
    key = [("x-api-key", house.owner_key)]
    assert channel.call("AuthService/ChangePassword", key, new_password=PASSWORD).code == "OK"
    return Person(channel, OWNER)


def dialog(page):
    return page.locator("dialog[open]")


def part(page, name):
    """One of the page's parts."""
    return (
        page.locator("section").filter(has=page.get_by_role("heading", name=name, exact=True, level=2)).first
    )


def test_a_key_is_shown_once_does_what_it_may_and_is_void_once_it_is_revoked(look, ben, channel, expect):
    page = look("/settings", ben)
    page.get_by_role("button", name="New key").click()
    dialog(page).get_by_label("Name").fill("DAW companion")
    dialog(page).get_by_role("button", name="Make 1 key").click()
    secret = dialog(page).locator("code").filter(has_text=re.compile("^sm_")).inner_text()
    key = [("x-api-key", secret)]
    assert channel.call("AuthService/GetMe", key).answer.scope == auth_pb2.SCOPE_READ
    [made] = ben("AuthService/ListApiKeys").answer.api_keys
    assert 89 < (made.expires_at.seconds - made.created_at.seconds) / 86_400 < 91
    dialog(page).get_by_role("button", name="Close").click()
    expect(page.get_by_text(secret)).to_have_count(0)
    page.get_by_role("button", name="Revoke DAW companion").click()
    expect(dialog(page)).to_contain_text("cannot be undone")
    assert channel.call("AuthService/GetMe", key).code == "OK"  # until it is confirmed
    dialog(page).get_by_role("button", name="Revoke 1 key").click()
    expect(page.get_by_text("Show 1 key that is good no more")).to_be_visible()
    assert channel.call("AuthService/GetMe", key).code == "UNAUTHENTICATED"


def test_a_key_that_would_have_ended_is_not_made(look, ben, expect):
    page = look("/settings", ben)
    page.get_by_role("button", name="New key").click()
    dialog(page).get_by_label("Name").fill("late")
    dialog(page).get_by_role("combobox", name="Ends").click()
    page.get_by_role("option", name="on a day").click()
    dialog(page).get_by_label("Good until the end of").fill("2020-01-31")
    dialog(page).get_by_role("button", name="Make 1 key").click()
    expect(dialog(page).get_by_role("alert")).to_have_text("This day is past")
    assert not ben("AuthService/ListApiKeys").answer.api_keys


def test_a_wrong_password_is_said_at_its_field_and_what_was_written_stays(look, ben, expect):
    page = look("/settings", ben)
    page.get_by_label("Password so far").fill("not the one that it is")
    page.get_by_label("New password").fill("quiet orange harbour")
    page.get_by_role("button", name="Change", exact=True).click()
    expect(page.get_by_role("alert")).to_have_text("This is not the password so far.")
    page.get_by_label("Password so far").fill(PASSWORD)
    page.get_by_role("button", name="Change", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="The password is changed")).to_be_visible()
    assert (
        ben.channel.call("AuthService/Login", password={"email": ben.email, "password": PASSWORD}).code
        != "OK"
    )


def test_a_member_is_told_whose_folders_plugins_and_flags_are(look, ben, expect):
    page = look("/settings", ben)
    expect(part(page, "Watch folders")).to_contain_text("watched for its owner")
    expect(part(page, "Plugins")).to_contain_text("only the owner sets them")
    expect(part(page, "Features")).to_contain_text("The owner of this daemon sets")
    expect(page.get_by_role("button", name="Add folder")).to_have_count(0)
    expect(page.get_by_role("switch", name="tempo")).to_be_disabled()


def test_a_folder_is_watched_changed_paused_and_removed_and_one_that_is_not_there_is_refused_in_place(
    look, owner, tmp_path, loop, expect
):
    sounds = tmp_path / "sounds"
    sounds.mkdir()
    (sounds / "loop.wav").write_bytes(loop.read_bytes())
    page = look("/settings", owner)
    page.get_by_role("button", name="Add folder").click()
    path = dialog(page).get_by_label("Its full path on the daemon's machine")
    path.fill(f"{sounds}/none")
    dialog(page).get_by_role("button", name="Watch 1 folder").click()
    expect(dialog(page).get_by_role("alert")).to_contain_text("There is no folder")
    path.fill(str(sounds))
    dialog(page).get_by_role("button", name="Watch 1 folder").click()
    row = page.get_by_role("row", name=re.compile("^sounds"))
    expect(row).to_contain_text("1 file")
    row.get_by_role("button", name="Change sounds").click()
    dialog(page).get_by_role("switch", name="Lay NAME.samplemind.json beside the file").click()
    dialog(page).get_by_role("button", name="Save").click()
    expect(row).to_contain_text("sidecar JSON")
    row.get_by_role("button", name="Pause sounds").click()
    expect(row).to_contain_text("paused")
    row.get_by_role("button", name="Remove sounds").click()
    dialog(page).get_by_role("button", name="Remove 1 folder").click()
    expect(row).to_have_count(0)
    assert (sounds / "loop.wav").exists()


def test_a_parameter_keeps_its_bounds_and_a_plugin_that_cannot_be_used_says_why(look, owner, expect):
    page = look("/settings", owner)
    plugins = part(page, "Plugins")
    expect(plugins).to_contain_text(
        "Cannot be used: ModuleNotFoundError: No module named 'nothing_like_this'"
    )
    plugins.get_by_role("button", name=re.compile(r"^tempo \d")).click()
    fastest, save = plugins.get_by_role("textbox", name="fastest"), plugins.get_by_role("button", name="Save")
    fastest.fill("30")
    expect(plugins.get_by_role("alert")).to_have_text("From 40 BPM to 280 BPM")
    expect(save).to_be_disabled()
    fastest.fill("200")
    save.click()
    expect(page.get_by_role("status").filter(has_text="tempo is set")).to_be_visible()
    [tempo] = [
        one for one in owner("PluginService/Get", name="tempo").answer.plugin.analyzers if one.name == "tempo"
    ]
    assert {one.name: one.value_json for one in tempo.parameters}["fastest"] in ("200", "200.0")
    plugins.get_by_role("button", name="Defaults").click()
    expect(fastest).to_have_value("280")


def test_a_flag_is_set_for_a_share_and_for_one_user_who_sees_it(look, owner, ben, expect):
    page = look("/settings", owner)
    page.get_by_role("combobox", name="similarity is on for").click()
    page.get_by_role("option", name="a share of users").click()
    page.get_by_role("slider", name=re.compile("similarity")).fill("100")
    page.get_by_role("button", name="Exceptions and changes of similarity").click()
    dialog(page).get_by_label("E-mail address of a user").fill("nobody@example.org")
    dialog(page).get_by_role("button", name="Off", exact=True).click()
    expect(dialog(page).get_by_role("alert")).to_contain_text("There is no user")
    dialog(page).get_by_label("E-mail address of a user").fill(ben.email)
    dialog(page).get_by_role("button", name="Off", exact=True).click()
    expect(dialog(page).get_by_role("switch", name=f"On for {ben.email}")).to_have_attribute(
        "aria-checked", "false"
    )
    expect(dialog(page)).to_contain_text(f"for {ben.email}: as for all, then off, by you")
    flag = owner("FlagService/Get", name="similarity").answer.flag
    assert (flag.audience, flag.percent, flag.overrides) == (flag_pb2.AUDIENCE_SHARE, 100, 1)
    hers = part(look("/settings", ben), "Features").get_by_role("listitem")
    expect(hers.filter(has_text="similarity")).to_contain_text("off")
    expect(hers.filter(has_text="mood")).to_contain_text("on")


def test_a_session_elsewhere_is_seen_and_ended_and_this_one_goes_on(look, ben, expect):
    page = look("/settings", ben)
    sessions = part(page, "Sessions").get_by_role("listitem")
    expect(sessions.filter(has_text="this one")).to_have_count(1)
    elsewhere = sessions.filter(has_text="grpc-python")
    elsewhere.get_by_role("button", name="Revoke").click()
    expect(elsewhere).to_have_count(0)
    assert ben("AuthService/GetMe").code == "UNAUTHENTICATED"
    page.reload()
    expect(sessions).to_have_count(1)


def test_signing_out_everywhere_is_asked_for_and_ends_every_session(look, ben, expect):
    page = look("/settings", ben)
    page.get_by_role("button", name="Sign out everywhere").click()
    expect(dialog(page)).to_contain_text("must sign in again")
    assert ben("AuthService/GetMe").code == "OK"
    dialog(page).get_by_role("button", name="End all sessions").click()
    expect(page).to_have_url(re.compile("/sign-in"))
    assert ben("AuthService/GetMe").code == "UNAUTHENTICATED"
