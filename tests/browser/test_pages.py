"""Every page that the app's router names is for everybody, fits a phone, and has only what is the house's own."""

import re
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "clients" / "web"
ROUTES = re.findall(r'<Route path="([^"]+)"', (WEB / "src" / "App.tsx").read_text("utf-8"))
OPEN = {"/", "/blocks", "/sign-in", "/register"}  # to whoever comes
FIRST_LOAD_BYTES = 300_000  # of script, as it is sent
PHONE = 390  # pixels
AXE = """async () => {
  const {violations, passes} = await axe.run(document, {resultTypes: ["violations"]});
  const grave = violations.filter(({impact}) => ["serious", "critical"].includes(impact));
  const told = grave.flatMap(({id, nodes}) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
  return {told, passed: passes.length};
}"""
OVERHANG = """() => [document.documentElement, ...document.querySelectorAll("main")]
  .map((one) => one.scrollWidth - one.clientWidth).reduce((a, b) => Math.max(a, b))"""
MOVING = """() => document.getAnimations()
  .filter((one) => one.playState === "running" && one.effect.getTiming().duration > 1)
  .map((one) => one.animationName ?? one.transitionProperty)"""


def grave_faults(page):
    """What axe finds that keeps somebody from using a page."""
    page.evaluate((WEB / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8"))
    found = page.evaluate(AXE)
    assert found["passed"] > 5  # it did look
    return found["told"]


@pytest.fixture
def visit(look, ada, expect):
    """A maker of pages: visit("/sounds/:id") is that of Ada's loop, with all that comes to it."""

    def visit(route, width=1440, **how):
        page = look(route.replace(":id", ada.loop), None if route in OPEN else ada, width, **how)
        expect(page.get_by_role("heading", level=1).first).to_be_visible()
        if route != "/blocks":  # which shows what waiting looks like
            expect(page.locator("main [aria-busy=true]")).to_have_count(0)
        return page

    return visit


def test_the_router_was_read():
    assert {"/library", "/sounds/:id", "/upload", "/dashboard"} | OPEN <= set(ROUTES)


@pytest.mark.parametrize("route", ROUTES)
def test_a_page_can_be_used_by_everybody_and_on_a_phone_and_lies_still_where_motion_is_reduced(visit, route):
    page = visit(route, reduced_motion="reduce")
    assert page.evaluate(MOVING) == []
    for width in (1440, PHONE):
        page.set_viewport_size({"width": width, "height": 844})
        assert grave_faults(page) == [], width
        assert page.evaluate(OVERHANG) <= 0, width


OPENED = [
    ("/library", "Filter"),
    ("/library", "Columns"),
    ("/library", "Export"),
    ("/sounds/:id", "Delete"),
    ("/sounds/:id", "Rename"),
    ("/settings", "New key"),
]


@pytest.mark.parametrize(("route", "button"), OPENED)
def test_what_opens_over_a_page_can_be_used_by_everybody_and_goes_with_escape(visit, route, button, expect):
    page = visit(route, reduced_motion="reduce")
    over = page.locator("dialog[open], [aria-expanded=true]")
    expect(over).to_have_count(0)
    page.get_by_role("button", name=button, exact=True).click()
    expect(over).to_have_count(1)
    assert grave_faults(page) == []
    page.keyboard.press("Escape")
    expect(over).to_have_count(0)


def test_it_moves_where_motion_is_not_reduced(visit):
    assert visit("/blocks").evaluate(MOVING) != []


@pytest.mark.parametrize("route", ["/", "/library"])
def test_the_first_load_has_little_script(look, ada, route, expect):
    sizes = []
    page = look("/mark.svg", ada)
    kind = "script"
    page.on(
        "requestfinished",
        lambda one: one.resource_type == kind and sizes.append(one.sizes()["responseBodySize"]),
    )
    page.goto(route)
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    assert 50_000 < sum(sizes) < FIRST_LOAD_BYTES


def test_script_that_gets_into_a_page_does_not_run_and_is_told_of(visit, watch):
    page = visit("/dashboard")
    page.evaluate("""() => {
      const script = document.createElement("script");
      script.textContent = "window.slipped = 'script'";
      document.body.append(script);
      document.body.insertAdjacentHTML("beforeend", "<img src=data:, onerror='window.slipped = \\"attribute\\"'>");
      const link = Object.assign(document.createElement("a"), {href: "javascript:window.slipped = 'address'"});
      document.body.append(link);
      link.click();
    }""")
    page.wait_for_timeout(200)
    assert page.evaluate("window.slipped") is None
    assert len(watch.forgive("refused")) >= 3


def test_requests_to_elsewhere_are_seen_and_refused(visit, watch):
    page = visit("/dashboard")
    assert (
        page.evaluate("fetch('https://stranger.example/').then(() => 'came', () => 'refused')") == "refused"
    )
    assert watch.forgive("stranger.example")
