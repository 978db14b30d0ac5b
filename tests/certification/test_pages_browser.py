"""The report page in a real Chromium: read, filtered, narrow, dark, printed, by keyboard, by axe-core, attacked."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from certification.paged import HOSTILE, full_report
from playwright.sync_api import Browser, Page, expect, sync_playwright

from automate_connectors.certification.pages import write_pages
from automate_connectors.certification.pages.view import shown

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, or the one that the environment names."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert program, "chromium is not installed: apt-get install chromium, or set CHROMIUM to its path"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def address(tmp_path: Path) -> str:
    """Where the page of a full, hostile report lies."""
    write_pages(full_report(), tmp_path)
    return (tmp_path / "report.html").as_uri()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The page, wide and light, from which nothing may ask the network for anything or complain."""
    with browser.new_context(viewport={"width": 1200, "height": 900}) as context:
        opened = context.new_page()
        asked: list[str] = []
        said: list[str] = []
        opened.on("request", lambda request: asked.append(request.url))
        opened.on("console", lambda message: said.append(message.text))
        opened.on("pageerror", lambda error: said.append(str(error)))
        opened.goto(address)
        yield opened
        assert {url.partition("#")[0] for url in asked} == {address}
        assert said == []


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong, a line each."""
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - it reads its script on import

    found: dict[str, Any] = Axe().run(page).response
    return [f"{each['id']}: {node['html']}" for each in found["violations"] for node in each["nodes"]]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    wider: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wider


def test_it_holds_its_parts_in_order(page: Page) -> None:
    """Verdict, the way to the next level, faults, delivery, requirements, recordings, the run."""
    expect(page.locator("h1")).to_contain_text("acme_tasks")
    expect(page.locator(".verdict")).to_have_text("Not certified gold, reached bronze")
    assert [text.split(" ")[0] for text in page.locator("h2").all_inner_texts()] == [
        "The", "What", "What", "Requirements", "Recordings", "The",
    ]  # fmt: skip
    steps = page.locator(".steps h3 a")
    assert [text.split(" ")[0] for text in steps.all_inner_texts()] == ["R02", "E05", "E08", "E02"]
    expect(page.locator(".matrix td.fail")).to_have_count(2)
    expect(page.locator("svg.seq .acted")).to_have_count(3)
    expect(page.locator("svg.seq .lost")).to_have_count(1)
    expect(page.locator("details[open]")).to_have_count(0)


def test_the_filter_shows_what_is_asked_for(page: Page) -> None:
    """By outcome and by words, both at once; levels with nothing to show go; the count says how many."""
    page.get_by_role("button", name="failed").click()
    expect(page.locator(".req:visible")).to_have_count(2)
    expect(page.locator(".level:visible")).to_have_count(1)
    page.get_by_role("searchbox").fill("retry-after heard")
    expect(page.locator(".req:visible")).to_have_count(1)
    expect(page.get_by_role("status")).to_have_text("1 of 45 shown")
    page.get_by_role("searchbox").fill("")
    page.get_by_role("button", name="all", exact=True).click()
    expect(page.locator(".req:visible")).to_have_count(45)


def test_a_step_leads_to_its_evidence(page: Page) -> None:
    """The link opens the requirement."""
    page.locator(".steps h3 a", has_text="E02").click()
    expect(page.locator("details#E02 .must")).to_be_visible()


def test_it_is_used_by_keyboard(page: Page) -> None:
    """The first stop skips to the findings; a requirement opens by Enter."""
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.locator("details#C01 summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("details#C01 .must")).to_be_visible()


def test_what_an_adapter_says_stays_text(page: Page) -> None:
    """No element, no script and no control sign comes from it; the words are there to read."""
    assert page.evaluate("window.owned") is None
    expect(page.locator("img")).to_have_count(0)
    expect(page.locator("script")).to_have_count(1)
    assert shown(HOSTILE) in (page.locator("details#E02").text_content() or "")
    assert not {"\x1b", "\u202e"} & set(page.content())


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 360])
def test_axe_finds_nothing(browser: Browser, address: str, scheme: Any, width: int) -> None:
    """With everything unfolded, light and dark, wide and narrow; and the page is never wider than the window."""
    with browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True
    ) as context:
        page = context.new_page()
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert violations(page) == []
        assert overflow(page) == 0


def test_a_telephone_shows_every_column(browser: Browser, address: str) -> None:
    """Of the recordings: none is behind an edge; what passed takes one line, and says so to a screen reader."""
    with browser.new_context(viewport={"width": 360, "height": 800}) as context:
        page = context.new_page()
        page.goto(address)
        for cell in page.locator(".plain tbody tr").first.locator("th, td").all():
            box = cell.bounding_box()
            assert box is not None
            assert box["width"] > 0
            assert box["x"] + box["width"] <= 360
        expect(page.locator("details#C01 .chip")).to_contain_text("passed")
        passed, failed = (page.locator(f"details#{each} summary").bounding_box() for each in ("C01", "E02"))
        assert passed is not None
        assert failed is not None
        assert passed["height"] < failed["height"]


def test_dark_is_dark(browser: Browser, address: str) -> None:
    """The ground follows the reader's choice."""
    with browser.new_context(color_scheme="dark") as context:
        page = context.new_page()
        page.goto(address)
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 21, 26)"


def test_it_reads_without_script(browser: Browser, address: str) -> None:
    """Only the filter is missing."""
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(address)
        expect(page.locator(".req")).to_have_count(45)
        expect(page.locator("#filter")).to_be_hidden()


def test_it_prints_without_what_paper_cannot_use(page: Page) -> None:
    """Neither navigation nor filter; in light colours whatever the screen shows."""
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator("nav")).to_be_hidden()
    expect(page.locator("#filter")).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
