"""What people open afterwards, nbgrader's pages and the table of the class, runs nothing of an attacker's."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from nbconvert.exporters import HTMLExporter
from nbgrader.server_extensions import formgrader
from rich.console import Console
from traitlets.config.loader import PyFileConfigLoader

from attacks.corpus import Attack, attacks
from attacks.grade import ASSIGNMENT, LEVELS
from attacks.siege import Siege
from autograde.report.summary import print_class

ROOT = Path(__file__).parents[2]
SHOWING = [attack for attack in attacks() if attack.group == "j_pages"]
CONTROLS = re.compile(r"[^\n\x20-\x7e\xa0-\uffff]")


class Page(HTMLParser):
    """Finds what a browser would run or load for an attacker."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.live: list[str] = []
        self._in_script = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_script = tag in ("script", "style")
        loads = any("attack" in (value or "") for name, value in attrs if name in ("src", "srcset", "data"))
        runs = any(name.startswith("on") and "attack" in (value or "") for name, value in attrs)
        leads = any("attack" in (value or "") and "script:" in (value or "") for _, value in attrs)
        if tag == "attack" or loads or runs or leads:
            self.live.append(f"{tag} {attrs}")

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False

    def handle_data(self, data: str) -> None:
        if self._in_script and "attack" in data:
            self.live.append(data)


@pytest.mark.parametrize("attack", SHOWING, ids=[attack.path.stem for attack in SHOWING])
@pytest.mark.filterwarnings("ignore:Alternative text is missing")
def test_a_page_runs_nothing_of_an_attacker_s(attack: Attack, siege_at: Callable[[str], Siege]) -> None:
    config = PyFileConfigLoader("nbgrader_config.py", path=str(ROOT)).load_config()
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [str(Path(formgrader.__file__).parent / "templates")]
    about = {"base_url": "/", "student": "", "notebook_path": "", "index": 0, "total": 1, "submission_id": ""}
    path = siege_at(LEVELS[0]).graded_notebook(attack.student)
    page, _ = HTMLExporter(config=config).from_filename(str(path), resources=about)
    assert "of 3 points" in page
    assert Page(page).live == []


def test_a_page_with_live_markup_would_be_noticed() -> None:
    markup = (
        "<script>attack()</script>",
        "<img src=x onerror=attack()>",
        "<a href='javascript:attack()'>x</a>",
        "<attack>",
        "<img src='http://attack.invalid/'>",
    )
    assert [text for text in markup if not Page(text).live] == []


def test_the_table_of_the_class_holds_no_commands_to_a_terminal(siege_at: Callable[[str], Siege]) -> None:
    siege = siege_at(LEVELS[0])
    course = siege.arena.course
    results = [siege.result(attack.student) for attack in attacks() if attack.marks is not None]
    out = io.StringIO()
    print_class(Console(file=out, width=200), course, ASSIGNMENT, results)
    assert "c01_allclose" in out.getvalue()
    assert CONTROLS.findall(out.getvalue()) == []
