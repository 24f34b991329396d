"""The student's process: a warm server that forks it, what runs inside it, and the grader's end of the wire.

`server`, `child`, `confine` and `wire` are all that the student's process ever loads of this package, so they
import nothing else of it: no check, solution or grade can be reached from there.
"""
