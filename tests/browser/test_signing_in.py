"""Who signs in is let in, who does not is not, and no script learns by what."""

import re

from raw_calls import PASSWORD

STRINGS = """() => {
  const found = [document.cookie, JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage})];
  const seen = new Set();
  const walk = (value, depth) => {
    if (typeof value === "string") found.push(value);
    if (!value || typeof value !== "object" || depth > 4 || seen.has(value) || seen.size > 50_000) return;
    seen.add(value);
    for (const key of Object.getOwnPropertyNames(value)) {
      try { walk(value[key], depth + 1); } catch { /* another origin's */ }
    }
  };
  walk(window, 0);
  return found.join("\\n");
}"""


def sign_in(page, email, password):
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_a_password_signs_in_and_leads_to_the_page_that_was_asked_for(look, ben, expect):
    page = look("/library")
    expect(page).to_have_url(re.compile(r"/sign-in\?next="))
    sign_in(page, ben.email, PASSWORD)
    expect(page).to_have_url(re.compile(r"/library$"))
    expect(page.get_by_role("heading", name="Library")).to_be_visible()


def test_a_wrong_password_is_said_to_be_wrong_and_opens_nothing(look, ben, expect):
    page = look("/sign-in")
    sign_in(page, ben.email, "seven purple ducks")
    expect(page.get_by_role("alert")).to_contain_text("No account has this e-mail address and this password")
    assert page.context.cookies() == [] and "/sign-in" in page.url


def test_the_link_of_the_first_start_signs_the_owner_in_once_and_leaves_the_address_line(look, house, expect):
    link = next(line.split()[1] for line in house.welcome.splitlines() if line.strip().startswith("web"))
    page = look(link)
    expect(page).to_have_url(re.compile(r"/dashboard$"))
    assert not any("#" in url for url in (page.url, page.evaluate("document.referrer")))
    again = look(link)
    expect(again.get_by_role("alert")).to_contain_text("was used already")
    assert again.context.cookies() == []


def test_no_script_finds_a_token(look, ben, expect):
    page, told = look("/sign-in"), []

    def overhear(route):
        told.append(route.fetch())
        route.fulfill(response=told[0])

    page.route("**/*AuthService/Login", overhear)
    sign_in(page, ben.email, PASSWORD)
    expect(page).to_have_url(re.compile("/dashboard"))
    tokens = page.context.cookies()
    assert len(tokens) == 2 and all(one["httpOnly"] and one["sameSite"] == "Strict" for one in tokens)
    found = page.evaluate(STRINGS)
    assert page.url in found  # it did look
    assert ben.email.encode() in told[0].body()
    for one in tokens:
        assert one["value"] not in found and one["value"].encode() not in told[0].body()
    assert page.evaluate("document.cookie") == ""


def test_who_signs_out_is_asked_again(look, ben, expect):
    page = look("/settings", ben)
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page).to_have_url(re.compile("/sign-in"))
    assert page.context.cookies() == []
    page.goto("/library")
    expect(page).to_have_url(re.compile("/sign-in"))
