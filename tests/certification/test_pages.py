"""Pages of a report: what they say, what they escape, where they end."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from certification.paged import COUNTEREXAMPLE, HOSTILE, action, cell, full_report
from certification.test_terminal import failed, report, result

from automate_connectors.certification.levels import Level
from automate_connectors.certification.pages import NAMES, page, sequence, view, write_pages
from automate_connectors.certification.pages.__main__ import main
from automate_connectors.certification.pages.badge import badge_json, badge_svg
from automate_connectors.certification.pages.markdown import markdown


def test_every_file_stands_beside_the_report(tmp_path: Path) -> None:
    """Written whole: no half file stays behind; the same report gives the same bytes."""
    write_pages(full_report(), tmp_path)
    first = {name: (tmp_path / name).read_bytes() for name in NAMES}
    write_pages(full_report(), tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == first


def test_the_pages_are_made_again_from_the_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From report.json alone."""
    (tmp_path / "report.json").write_text(full_report().to_json(), encoding="utf-8")
    assert main([str(tmp_path / "report.json")]) == 0
    assert "report.html" in capsys.readouterr().out
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == page.html(full_report())


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"{", "expected a report in JSON"), (b'{"schema": "automate-connectors/report/9"}', "certify again")],
)
def test_what_is_no_report_makes_no_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, said: str
) -> None:
    """A report of another schema too: exit 2, a sentence, no file."""
    file = tmp_path / "report.json"
    file.write_bytes(content)
    assert main([str(file)]) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [file]


def test_it_takes_one_file_that_is_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Else exit 2 and why."""
    assert main([]) == main(["--help"]) == main([str(tmp_path / "none.json")]) == 2
    assert "No such file" in capsys.readouterr().err


def test_the_page_escapes_and_refers_to_nothing() -> None:
    """No element of an adapter's, and no address that a browser would fetch."""
    text = page.html(full_report())
    assert "<img" not in text
    assert text.count("<script>") == 1
    assert not {' src="', "url(", "@import", "<link"} & {
        part for part in (' src="', "url(", "@import", "<link") if part in text
    }
    assert "default-src &#39;none&#39;" in text


def test_broken_actions_come_first() -> None:
    """They are what a reader came for."""
    names = [action(name) for name in ("a", "b")] + [action("c", counterexample=COUNTEREXAMPLE)]
    text = page.html(full_report(actions=names))
    assert text.index("<code>c</code></h3>") < text.index("<code>a</code></h3>") < text.index("<code>b</code></h3>")


@pytest.mark.parametrize(
    ("moment", "read"),
    [
        ("2026-11-24T14:27:31.141511+00:00", "2026-11-24 14:27 UTC"),
        ("2026-11-24T23:30:00-03:00", "2026-11-25 02:30 UTC"),
        ("\x1bsoon", "\\x1bsoon"),
    ],
)
def test_a_moment_is_read_in_utc(moment: str, read: str) -> None:
    """To the minute; what is no moment stands as it is, without what a terminal obeys."""
    assert view.minute(moment) == read


def test_a_remedy_keeps_its_code_in_markdown() -> None:
    """It is the catalogue's own sentence; an adapter's texts stay texts."""
    text = markdown(report(failed("I01", "send `#1`"), claimed="gold", level="silver"))
    assert "Declare one of `Idempotency.read_only()`" in text
    assert "send &#96;&#35;1&#96;" in text


def test_a_certificate_is_named_where_there_is_one() -> None:
    """By its digest."""
    assert "sha256:abc" in page.html(full_report(), certificate="sha256:abc")


def test_a_page_of_nothing_still_says_so() -> None:
    """No action, no fault, no cassette, no level."""
    text = page.html(report(failed("C05", "send"), level=None))
    assert "no level reached" in text
    assert "No cassette was used" in text
    assert "No fault was judged" in text
    odd = full_report().model_copy(
        update={"requirements": (full_report().requirements[0].model_copy(update={"level": "wood"}),)}
    )
    assert "Of no level" in page.html(odd)


def test_platinum_has_nothing_missing() -> None:
    """And all four levels are reached."""
    best = report(claimed="platinum", level="platinum")
    assert view.path(best).level is None
    assert [rung.reached for rung in view.ladder(best)] == [True] * 4
    assert "Nothing is missing" in page.html(best)
    assert "The way to" not in markdown(best)


def test_the_easiest_step_comes_first() -> None:
    """What wants a declaration, then documents and recordings, then code, then delivery; fewer cases first."""
    given = report(
        failed("E02", "a", "b"), failed("E08", "a"), result("R02", "not_run"), failed("S05", "a"),
        claimed="silver", level="bronze",
    )  # fmt: skip
    assert [each.id for each in view.path(given).judged] == ["R02", "S05", "E08", "E02"]


def test_what_is_above_the_judged_level_is_one_command() -> None:
    """Not a list of things to mend."""
    way = view.path(report())
    assert (way.level, list(way.judged), len(way.above)) == (Level.SILVER, [], 19)
    assert "--connector-level=silver" in page.html(report())
    assert "--connector-level=silver" in markdown(report())


def test_cells_of_one_place_are_one_the_worst() -> None:
    """With how many there were; a column a request where an action has several."""
    matrix = view.matrix(full_report("x"))
    assert matrix.columns == ["create_task, request 1", "create_task, request 2", "x"]
    assert matrix.groups[0] == (
        "Status",
        [
            ("503", [view.Cell("x", "fail", 2), view.Cell("UPSTREAM_5XX", "pass", 1), view.Cell("", "", 0)]),
            ("401, HTML page", [view.Cell("AUTH_FAILED", "pass", 1), view.Cell("", "", 0), view.Cell("", "", 0)]),
        ],
    )
    assert [name for name, _ in matrix.groups] == ["Status", "Network", "Body"]


def test_ages_count_from_the_run() -> None:
    """A time that is none has no age."""
    given = full_report()
    assert [view.age_in_days(each.recorded_at, given) for each in given.cassettes] == [1, 2192, None, None]


def test_a_schedule_becomes_arrows() -> None:
    """What was lost ends halfway, what was delivered twice arrives twice."""
    drawn = sequence.picture(COUNTEREXAMPLE)
    assert [(arrow.kind, arrow.label, arrow.acted) for arrow in drawn.arrows] == [
        ("call", "execute, attempt 1", False),
        ("call", "POST /v1/tasks", True),
        ("lost", "answer lost", False),
        ("answer", "raised TRANSIENT_NETWORK", False),
        ("call", "execute, attempt 2", False),
        ("call", "POST /v1/tasks", True),
        ("call", "the same once more", True),
        ("answer", "delivered twice", False),
        ("answer", "returned", False),
    ]
    assert sequence.steps(COUNTEREXAMPLE) == ["answer lost", "ok"]
    assert drawn.words[0].startswith("POST /v1/tasks: answer lost, the service acted. Then the adapter raised")


def test_a_request_that_is_lost_has_no_answer() -> None:
    """Its arrow ends in a cross."""
    lost = {
        "requests": [{"request": "POST /", "fault": "lost_request", "service": "did nothing"}],
        "adapter": "raised E: no",
    }
    drawn = sequence.picture({"attempts": [lost]})
    assert [arrow.kind for arrow in drawn.arrows] == ["call", "lost", "answer"]


@pytest.mark.parametrize(
    "odd", [{}, {"attempts": 1, "schedule": 2}, {"attempts": ["a", {"requests": "b"}, {"requests": [3]}]}]
)
def test_an_odd_counterexample_draws_what_can_be(odd: dict[str, object]) -> None:
    """It comes from a report, which anybody may have written."""
    text = page.html(full_report(actions=[action(counterexample=odd)]))
    assert "The smallest schedule that breaks it" in text


def test_a_picture_ends() -> None:
    """After sixty rows, and says so."""
    drawn = sequence.picture({"attempts": [{"requests": []}] * 100})
    assert (len(drawn.arrows), drawn.cut) == (60, True)
    assert "The picture ends here" in page.html(full_report(actions=[action(counterexample={"attempts": [{}] * 100})]))


def test_markdown_keeps_an_adapters_words_text() -> None:
    """No markup, mention, table cell, link or line of its own."""
    text = markdown(full_report(HOSTILE + " www.evil.test https://evil.test"))
    for sign in ("<img", "<script", "@all", "`x`", "www.", "https://", "\x1b", "\n# no"):
        assert sign not in text
    assert "&#64;all" in text


def test_markdown_ends_below_its_limit_with_a_count() -> None:
    """GitHub refuses a summary of 1 MiB."""
    wrong = [cell("dns", "é" * 60, "fail", request=number) for number in range(20_000)]
    text = markdown(full_report("x", faults=wrong))
    assert len(text.encode()) < 1024 * 1024
    assert "lines are in report.html only." in text.splitlines()[-1]
    assert "cut:" not in markdown(full_report())


def test_markdown_tells_what_is_missing() -> None:
    """With remedy and, for a delivery, what broke it."""
    text = markdown(full_report("x"))
    assert "**R02** every action recorded: x. To mend it: " in text
    assert "(and 30 more): expected x; got x." in text
    assert "4 of 6 were answered rightly." in text
    assert "🟡 waived S05 until 2026-06-30: x" in text
    assert "### Faults" not in markdown(report())


@pytest.mark.parametrize(
    ("claimed", "level", "message"),
    [("bronze", "silver", "certified silver"), ("gold", "silver", "not certified"), ("bronze", None, "not certified")],
)
def test_a_badge_says_the_level_that_was_reached(claimed: str, level: str | None, message: str) -> None:
    """Only where it is the claimed one or more; the image says the same."""
    given = report(claimed=claimed, level=level)
    told = json.loads(badge_json(given))
    assert (told["schemaVersion"], told["label"], told["message"]) == (1, "slack connector", message)
    image = ET.fromstring(badge_svg(given))  # noqa: S314 - made by us
    assert image.get("aria-label") == f"slack connector: {message}"


def test_a_badge_escapes_a_name() -> None:
    """The image stays well-formed."""
    info = {"name": HOSTILE, "version": "1", "adapter": "a:B", "distribution": None}
    image = ET.fromstring(badge_svg(report(connector=info)))  # noqa: S314 - made by us
    assert {element.tag.rpartition("}")[2] for element in image.iter()} == {
        "svg",
        "title",
        "clipPath",
        "rect",
        "g",
        "text",
    }
