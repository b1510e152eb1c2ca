"""What a student takes home: report and notebook."""

from mnist_demo.export.notebook import build_notebook
from mnist_demo.export.report import build_report
from mnist_demo.export.source import running_source

__all__ = ["build_notebook", "build_report", "running_source"]
