"""What a student takes home: report and notebook."""

from mnist_demo.export.notebook import build_notebook
from mnist_demo.export.report import build_report

__all__ = ["build_notebook", "build_report"]
