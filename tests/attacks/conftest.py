"""The classes that are graded, each once: the honest students alone, and with attackers at every level."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from attacks.arena import Arena
from attacks.corpus import at_level
from attacks.grade import LEVELS
from attacks.siege import Siege, besiege

collect_ignore_glob = ["course/*", "[a-z]_*/*"]


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Arena:
    """The course and its surroundings, without students."""
    arena = Arena(tmp_path_factory.mktemp("attacks") / "empty")
    arena.furnish()
    return arena


@pytest.fixture(scope="session")
def alone(furnished: Arena) -> Siege:
    """The honest students graded alone."""
    return besiege(furnished.copied("alone"), LEVELS[0], [])


@pytest.fixture(scope="session")
def siege_at(furnished: Arena) -> Callable[[str], Siege]:
    """`siege_at(level)`: what came of grading the class at a level; each is graded once."""
    found: dict[str, Siege] = {}

    def at(level: str) -> Siege:
        if level != LEVELS[0] and os.geteuid() != 0:
            pytest.skip("only the superuser has powers to give up, and may look into what is left")
        if level not in found:
            found[level] = besiege(furnished.copied(level), level, at_level(level))
        return found[level]

    return at
