"""What a check judges with: the student's process, the reference's, and what decides the outcome."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from autograde.checks.probe import request_for
from autograde.sandbox.answers import Failure, Request, Value


class CheckFailed(AssertionError):  # noqa: N818 # an outcome, not an error of the program
    """The submission does not pass; the text is for the student."""


class KitFault(Exception):  # noqa: N818 # likewise
    """The check could not judge: the reference failed or the kit did. It costs the student nothing."""


class ProbeRunner(Protocol):
    """Runs probes in some process: a `Session`, or the reference."""

    def probe(self, request: Request, inputs: Mapping[str, Any]) -> Value | Failure:
        """Run a probe and return its answer."""
        ...


@dataclass(frozen=True)
class Judging:
    """One submission against the reference. `seed` is for inputs that checks draw."""

    student: ProbeRunner
    reference: ProbeRunner
    seed: int

    def student_value(self, probe: Callable[..., Any], inputs: Mapping[str, Any]) -> Any:
        """Return what the probe finds at the student's.

        Raises:
            CheckFailed: it found nothing, and that is the student's fault.

        """
        answer = self.student.probe(request_for(probe, inputs), inputs)
        if isinstance(answer, Failure):
            raise CheckFailed(explain(answer))
        return answer.value

    def reference_value(self, probe: Callable[..., Any], inputs: Mapping[str, Any]) -> Any:
        """Return what the probe finds at the reference.

        Raises:
            KitFault: the reference cannot answer it.

        """
        answer = self.reference.probe(request_for(probe, inputs), inputs)
        if isinstance(answer, Failure):
            raise KitFault(
                f"the reference fails on probe {probe.__name__}: {answer.text} {answer.line}".strip()
            )
        return answer.value


def explain(failure: Failure) -> str:
    """Return the sentence that tells a student why a probe got no answer."""
    match failure.kind:
        case "raised" if "NotImplementedError" in failure.text:
            return "Not written yet: it still raises NotImplementedError."
        case "raised":
            line = f" at `{failure.line}`" if failure.line else ""
            return f"Your code raised {failure.text}{line}"
        case "lost":
            return f"Your code did not finish: {failure.text}"
        case "missing":
            return failure.text
        case _:
            return f"Your code ran, but {failure.text}"
