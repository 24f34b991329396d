"""A real JupyterLab, and nbgrader's formgrader in it, as an instructor uses them in a browser."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from selenium.webdriver import Chrome
    from selenium.webdriver.remote.webelement import WebElement

Found = TypeVar("Found")

SECONDS = 60  # to wait for anything at all, on a busy machine
TAB_KEY = "\ue004"  # as WebDriver calls it
LIFETIME = 400  # seconds after which a server ends, whatever becomes of the test


@contextmanager
def jupyter_lab(folder: Path, home: Path) -> Iterator[str]:
    """Run JupyterLab in a folder, with nothing of this user's settings; the address has a token in it."""
    home.mkdir()
    settings = home / "settings" / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    settings.parent.mkdir(parents=True)
    settings.write_text('{"fetchNews": "false", "checkForUpdates": false}', "utf-8")
    scripts = str(Path(sys.executable).parent)
    environment = os.environ | {
        "HOME": str(home),
        "PATH": os.pathsep.join([scripts, os.environ.get("PATH", "")]),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        **{f"JUPYTER_{name}_DIR": str(home / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")},
    }
    arguments = ["--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0"]
    command = ["timeout", str(LIFETIME), sys.executable, "-m", "jupyterlab", *arguments]
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        yield _address(home / "runtime", server)
    except Exception as failure:
        failure.add_note((home / "log").read_text("utf-8")[-5000:])
        raise
    finally:
        server.terminate()
        server.wait(SECONDS)


def _address(runtime: Path, server: "subprocess.Popen[bytes]") -> str:
    for _ in range(SECONDS * 10):
        for path in runtime.glob("jpserver-*.json"):
            if text := path.read_text("utf-8"):
                about = json.loads(text)
                return f"{about['url']}lab?token={about['token']}"
        assert server.poll() is None, "JupyterLab ended"
        time.sleep(0.1)
    raise TimeoutError("JupyterLab did not start")


@dataclass(frozen=True)
class Formgrader:
    """The formgrader in a browser."""

    browser: "Chrome"

    def open(self, address: str) -> None:
        """Open JupyterLab and, from its menu, the formgrader."""
        self.browser.get(address)
        self.wait(lambda: self.with_text(".lm-MenuBar-item", "Nbgrader")).click()
        self.wait(lambda: self.with_text(".lm-Menu-item", "Formgrader")).click()
        self.browser.switch_to.frame(self.first("iframe"))

    def wait(self, find: Callable[[], Found]) -> Found:
        """Return what is found as soon as there is something."""
        from selenium.webdriver.support.ui import WebDriverWait

        return WebDriverWait(self.browser, SECONDS).until(lambda _: find())

    def all(self, selector: str) -> "list[WebElement]":
        """Return the elements that a CSS selector finds now."""
        return self.browser.find_elements("css selector", selector)

    def first(self, selector: str) -> "WebElement":
        """Return the first element that a CSS selector finds, once there is one."""
        return self.wait(lambda: self.all(selector))[0]

    def with_text(self, selector: str, text: str) -> "WebElement | None":
        """Return the first element that shows exactly this text."""
        return next((one for one in self.all(selector) if one.text.strip() == text), None)

    def press(self, column: str, row: str) -> str:
        """Press what stands in a column of a row, close the dialogue that follows, and return its text."""
        self.wait(lambda: self.cell(column, row).find_elements("css selector", "a"))[0].click()
        dialogue = self.first(".modal.in .modal-body").find_element("xpath", "ancestor::*[@role='dialog']")
        text = dialogue.get_attribute("textContent")
        # Its appearance is animated: a click by the browser's mouse might miss it.
        self.browser.execute_script("arguments[0].querySelector('.modal-footer button').click()", dialogue)
        self.wait(lambda: not self.all(".modal-backdrop"))
        return str(text)

    def cell(self, column: str, row: str) -> "WebElement":
        """Return a cell of the page's table, in the row that shows some text in one of its cells."""
        texts = f"//tr[td[normalize-space(.)='{row}']]/td[contains(concat(' ', @class, ' '), ' {column} ')]"
        return self.wait(lambda: self.browser.find_elements("xpath", texts))[0]

    def follow(self, link: str) -> None:
        """Click the link with this text."""
        self.wait(lambda: self.with_text("a", link)).click()

    # The page of a submission

    def verdicts(self, cell: str) -> list[str]:
        """Return the checks listed in the outputs of a grade cell, each with what stands under it."""
        listed = f"//input[@id='{cell}']/ancestor::div[contains(@class, 'code_cell')]//div/ul/li"
        return [str(one.text) for one in self.browser.find_elements("xpath", listed)]

    def above(self, cell: str) -> str:
        """Return the text of the cell before the one whose points are given in this field."""
        path = (
            f"//input[@id='{cell}']/ancestor::div[contains(@class, 'text_cell ')]/preceding-sibling::div[1]"
        )
        return str(self.wait(lambda: self.browser.find_elements("xpath", path))[0].text)

    def fill(self, name: str, text: str) -> None:
        """Write into a field for points or a comment, leave it, and wait until that is saved."""
        self.first(f"#{name}").send_keys(text, TAB_KEY)
        self.wait(lambda: self.browser.execute_script("return jQuery.active === 0"))
