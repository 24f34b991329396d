"""In a real browser, the pages of a hostile submission run nothing of it and load nothing from elsewhere."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbgrader.server_extensions.formgrader as formgrader
import pytest
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output, new_raw_cell
from nbgrader.api import Gradebook
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograde.build import build
from autograde.classroom import grade_class
from autograde.course import Course
from autograde.notebook import dumps, grade_id, read_notebook

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

HERE = Path(__file__).parent
CONFIG = HERE.parents[1] / "nbgrader_config.py"
TEMPLATES = Path(formgrader.__file__).parent / "templates"
STATIC = Path(formgrader.__file__).parent / "static"
PAYLOADS: dict[str, dict[str, str]] = tomllib.loads((HERE / "payloads.toml").read_text("utf-8"))
# What nbgrader's templates load where they can; "Safe" has MathJax refuse scripts and styles in mathematics.
MATHJAX = "https://cdnjs.cloudflare.com/ajax/libs/mathjax/2.7.7/latest.js?config=TeX-AMS_CHTML-full,Safe"
SECONDS = 3  # after which everything that runs by itself has run
OWN = {"markdown2html": "autograde.report.pages.markdown2html"}  # stock nbconvert's gives up on the page
NOT_SANITISED = f"\nc.HTMLExporter.sanitize_html = False\nc.HTMLExporter.filters = {OWN}\n"
HIT = re.compile(r"hit-([\w-]+)")
RED = "\x1b[31m{}\x1b[0m"


@dataclass(frozen=True)
class Armed:
    """Payloads that tell where they stood. `port` is that of the server whose addresses they ask for."""

    port: int

    def __call__(self, place: str, name: str) -> str:
        """Return the payload of that name for a place."""
        kind = "html" if name in PAYLOADS["html"] else "markdown"
        return self.arm(PAYLOADS[kind][name], f"{place}-{name}")

    def arm(self, payload: str, mark: str) -> str:
        """Return a payload that tells of itself by a mark."""
        hit = f"http://127.0.0.1:{self.port}/hit/{mark}"
        return payload.replace("RUN", f"console.log(/hit-{mark}/.source)").replace("HIT", hit)

    def all(self, place: str, *kinds: str) -> list[str]:
        """Return all payloads of some kinds."""
        return [self(place, name) for kind in kinds for name in PAYLOADS[kind]]


@dataclass(frozen=True)
class Seen:
    """What a page did and showed: marks of payloads that ran or were loaded, other addresses asked for."""

    marks: frozenset[str]
    elsewhere: frozenset[str]
    text: str
    handlers: tuple[str, ...]
    pictures: int


# A submission


def hostile(released: NotebookNode, armed: Armed) -> NotebookNode:
    """Return a submission with payloads in every place there is."""
    script, image = armed("returned", "script"), armed("class", "image_onerror")
    answers = {
        "add_numbers": f"def add_numbers(a, b):\n    return {script + ' harmless return'!r}",
        "describe": f"def describe(numbers):\n    return type({image!r}, (), {{}})()",
        "explain_describe": "harmless answer\n\n" + "\n\n".join(armed.all("answer", "markdown", "html")),
    }
    for cell in released.cells:
        cell.source = answers.get(grade_id(cell), cell.source)
        cell.metadata.tags = [armed.arm('x" onmouseover="RUN"><img src=x: onerror=RUN>', "metadata-tag")]
    # Before all others: what stands behind a written answer is taken for more of it.
    released.cells = [*texts(armed), *released.cells, *code(armed)]
    break_out = armed.arm("</script><script>RUN</script>", "metadata-notebook")
    state = {"application/vnd.jupyter.widget-state+json": {"state": {"a": break_out}, "version_major": 2}}
    released.metadata |= {"title": break_out, "widgets": state, "authors": [{"name": break_out}]}
    released.metadata.language_info = {"name": break_out, "pygments_lexer": break_out}
    return released


def texts(armed: Armed) -> list[NotebookNode]:
    """Return cells of Markdown and raw text, with odd attachments and metadata."""
    cells = [new_markdown_cell(f"harmless markdown\n\n{text}") for text in armed.all("markdown", "markdown")]
    cells += [new_markdown_cell(text) for text in armed.all("markdown", "html")]
    svg = armed.arm("<svg xmlns='http://www.w3.org/2000/svg' onload=RUN></svg>", "metadata-attachment")
    attached = {"x.png": {"image/svg+xml": svg}, '"><img src=x: onerror=RUN>': {"image/png": "RUN"}}
    cells.append(new_markdown_cell("![x](attachment:x.png)", attachments=attached))
    raw = new_raw_cell(armed("metadata", "script"))
    raw.metadata = NotebookNode(raw_mimetype="text/html", format="text/html")
    return [*cells, raw]


def code(armed: Armed) -> list[NotebookNode]:
    """Return cells whose outputs hold payloads."""
    html, both = armed.all("html", "html"), armed.all("printed", "html", "markdown")
    data = {
        "application/javascript": armed.arm("RUN", "rich-javascript"),
        "image/svg+xml": armed.arm("<svg xmlns='http://www.w3.org/2000/svg' onload=RUN></svg>", "rich-svg"),
        "text/markdown": armed("rich", "link"),
        "text/latex": armed("rich", "mathematics"),
        "image/png": armed.arm('x" onerror="RUN', "rich-png"),
        "image/jpeg": armed.arm('x" onerror="RUN', "rich-jpeg"),
        "application/vnd.jupyter.widget-view+json": {"model_id": armed("rich", "script")},
        "application/pdf": armed.arm("RUN", "rich-pdf"),
    }
    size = armed.arm("1 onload=RUN onerror=RUN", "rich-width")
    sizes = {"image/png": {"width": size, "height": size, "alt": size}, "filenames": {"image/png": size}}
    sources = [
        f"from IPython.display import HTML, display\nfor text in {html!r}:\n    display(HTML(text))",
        f"for text in {both!r}:\n    print(text)\n    print({RED!r}.format(text))\nprint('harmless print')",
        f"from IPython.display import publish_display_data as show\nfor kind, text in {data!r}.items():\n"
        f"    show({{kind: text}}, {sizes!r})",
        "import matplotlib.pyplot as plt\n_ = plt.figure(figsize=(3, 2)).add_subplot().plot([1, 3, 2])",
        *(f"raise type({text!r}, (Exception,), {{}})({text!r})" for text in armed.all("raised", "html")[:30]),
        "\n".join(f"# {line}" for text in armed.all("printed", "html") for line in text.splitlines()),
    ]
    return [new_code_cell(source) for source in sources]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Armed, list[str]]]:
    """A folder that a server shows, payloads that ask for its addresses, and all that was asked for."""
    folder, asked = tmp_path_factory.mktemp("pages"), list[str]()
    (folder / "formgrader").mkdir()
    (folder / "formgrader" / "static").symlink_to(STATIC)

    class Handler(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            super().do_GET()

        do_POST = do_GET  # noqa: N815 # the names that the base class calls

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield folder, Armed(server.server_port), asked
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def pages(
    tmp_path_factory: pytest.TempPathFactory, served: tuple[Path, Armed, list[str]]
) -> Mapping[str, str]:
    """The pages that the hostile submission is shown on, by name, and two that nothing was done for."""
    armed = served[1]
    course = Course(tmp_path_factory.mktemp("course") / "toy course")
    shutil.copytree(HERE / "toy_course", course.root, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(CONFIG, course.root)
    build(course, "toy")
    submission = hostile(read_notebook(course.release("toy", "1_numbers")), armed)
    folder = course.submitted("toy", "eve")
    folder.mkdir(parents=True)
    (folder / "1_numbers.ipynb").write_text(dumps(submission), "utf-8")
    grade_class(course, "toy")
    with Gradebook(course.gradebook_url) as book:
        comment = book.find_comment("explain_describe", "1_numbers", "toy", "eve")
        comment.manual_comment = "harmless comment\n\n" + "\n\n".join(
            armed.all("comment", "markdown", "html")
        )
        book.db.commit()
    graded = course.autograded("toy", "eve") / "1_numbers.ipynb"
    shown = {
        "feedback": generated_feedback(course),
        "formgrader": exported(graded, formgrader_config(course)),
    }
    config = course.root / CONFIG.name
    config.write_text(config.read_text("utf-8") + NOT_SANITISED, "utf-8")
    stock = Config({"HTMLExporter": {"template_name": "classic", "filters": OWN}})
    return shown | {
        "feedback, not sanitised": generated_feedback(course),
        "as handed in, not sanitised": exported(as_jupyter_saves(submission, folder, armed), stock),
    }


def as_jupyter_saves(submission: NotebookNode, folder: Path, armed: Armed) -> Path:
    """Return the path of the submission with the outputs that Jupyter would save."""
    del submission.metadata["language_info"]
    for cell in submission.cells:
        if cell.cell_type == "code" and "display(HTML" in cell.source:
            shown = [{"text/html": text} for text in armed.all("html", "html")]
            cell.outputs = [new_output("display_data", data) for data in shown]
    path = folder / "saved.ipynb"
    path.write_text(dumps(submission), "utf-8")
    return path


def generated_feedback(course: Course) -> str:
    """Return the page that nbgrader makes for the student."""
    scripts = str(Path(sys.executable).parent)
    environment = os.environ | {"PATH": os.pathsep.join([scripts, os.environ.get("PATH", "")])}
    command = [sys.executable, "-m", "nbgrader", "generate_feedback", "toy", "--force"]
    run = subprocess.run(
        command, cwd=course.root, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert run.returncode == 0, run.stderr
    return (course.root / "feedback" / "eve" / "toy" / "1_numbers.html").read_text("utf-8")


def formgrader_config(course: Course) -> Config:
    """Return the configuration of the formgrader's view of a submission, in this course."""
    config = PyFileConfigLoader(CONFIG.name, path=str(course.root)).load_config()
    config.HTMLExporter.template_name = "formgrade"
    return config


def exported(notebook: Path, config: Config) -> str:
    """Return the page that nbgrader's templates make of a notebook."""
    config.HTMLExporter.extra_template_basedirs = [str(TEMPLATES)]
    config.HTMLExporter.extra_template_paths = [str(STATIC / "node_modules" / "bootstrap" / "dist" / "css")]
    about = {"notebook": "1_numbers", "score": 0, "max_score": 10, "late_penalty": 0}
    here = {"base_url": "", "student": "eve", "notebook_path": "a", "submission_id": "a", "nbgrader": about}
    page, _ = HTMLExporter(config=config).from_filename(
        str(notebook), resources=here | {"index": 0, "total": 1, "notebook_id": "1_numbers"}
    )
    return str(page)


# A browser

CLICK_ALL = """
const here = location.href.split("#")[0];
const leads = (one) => /^(https?|mailto|file):/.test(one.protocol || "") && one.href.split("#")[0] !== here;
const all = [...document.querySelectorAll("#notebook a, #notebook area, #notebook button")];
(async () => {
    for (const one of all.filter((one) => !leads(one) && !one.closest(".scoring-buttons"))) {
        for (const kind of ["mouseover", "click"]) {
            one.dispatchEvent(new MouseEvent(kind, {bubbles: true, cancelable: true}));
        }
        await new Promise((next) => setTimeout(next, 10));
    }
})();
"""
HANDLERS = """
return [...document.querySelectorAll("#notebook *")].flatMap((one) => [...one.attributes]).filter((one) =>
    one.name.startsWith("on") || /^\\s*(java|vb)script:/i.test(one.value)).map((one) => one.name);
"""

PICTURES = 'return [...document.querySelectorAll(".output_png img")].filter((one) => one.naturalWidth).length'


@pytest.fixture(scope="module")
def seen(
    browser: "Chrome", served: tuple[Path, Armed, list[str]], pages: Mapping[str, str]
) -> Callable[[str], Seen]:
    """`seen(name)`: what a page did when it was opened and everything on it was clicked."""
    folder, armed, asked = served

    def look(name: str) -> Seen:
        (folder / "page.html").write_text(pages[name], "utf-8")
        browser.get("about:blank")
        for log in ("browser", "performance"):
            browser.get_log(log)
        asked.clear()
        browser.get(f"http://127.0.0.1:{armed.port}/page.html")
        text = browser.execute_script("return document.body.innerText")
        handlers, pictures = (browser.execute_script(script) for script in (HANDLERS, PICTURES))
        browser.execute_script(CLICK_ALL)
        time.sleep(SECONDS)
        printed = [entry for entry in browser.get_log("browser") if entry["source"] == "console-api"]
        ran = {mark for entry in printed for mark in HIT.findall(entry["message"])}
        loaded = {path.split("/hit/")[1].strip("/") for path in asked if "/hit/" in path}
        elsewhere = {url for url in requested(browser) if f"//127.0.0.1:{armed.port}/" not in url}
        return Seen(frozenset(ran | loaded), frozenset(elsewhere), text, tuple(handlers), pictures)

    return look


def requested(browser: "Chrome") -> Iterator[str]:
    """Yield the addresses that were asked for since the last call, whether they could be reached or not."""
    for entry in browser.get_log("performance"):
        event: dict[str, Any] = json.loads(entry["message"])["message"]
        if event["method"] == "Network.requestWillBeSent":
            url = str(event["params"]["request"]["url"])
            if not url.startswith("data:image/"):
                yield url


@pytest.mark.parametrize("name", ["feedback", "formgrader"])
def test_nothing_of_a_student_s_runs_or_is_loaded(name: str, seen: Callable[[str], Seen]) -> None:
    found = seen(name)
    assert found.marks == frozenset()
    assert found.elsewhere == {MATHJAX}
    assert found.handlers == ()
    for place in ("markdown", "answer", "print", "return"):
        assert f"harmless {place}" in found.text
    assert ("harmless comment" in found.text) == (name == "feedback")  # the formgrader asks for it later
    assert found.pictures == 1, "the plot is not shown"


@pytest.mark.parametrize("name", ["feedback, not sanitised", "as handed in, not sanitised"])
def test_much_of_it_would_run_if_pages_were_not_sanitised(name: str, seen: Callable[[str], Seen]) -> None:
    marks = seen(name).marks
    names = {mark.split("-")[1] for mark in marks}
    assert len(names) >= 50  # of some hundred payloads, in the browser of the day
    assert {"script", "image_onerror", "iframe_source", "link_script", "remote_image"} <= names
