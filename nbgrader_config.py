"""nbgrader's configuration of this course: its own commands grade as `autograde grade` does."""

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "deep_learning"

# A folder that you and all students can write to, if notebooks go back and forth through nbgrader's exchange:
# c.Exchange.root = "/srv/nbgrader/exchange"

# Submissions are repaired, run in a process of their own and judged by the hidden checks.
c.Autograde.exporter_class = "autograde.nbgrader_plugin.GradingExporter"
c.Autograde.sanitize_preprocessors = [
    "autograde.nbgrader_plugin.RepairSubmission",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "autograde.nbgrader_plugin.GradeSubmission",
    "autograde.nbgrader_plugin.SaveScores",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Nothing that a student wrote runs in the browser of whoever opens the feedback or the formgrader.
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.filters = {
    name: f"autograde.report.pages.{name}" for name in ("markdown2html", "strip_files_prefix")
}

# Above each written answer the formgrader shows its mark scheme. Feedback for students does not.
c.HTMLExporter.preprocessors = ["autograde.report.mark_scheme.ShowMarkScheme"]
