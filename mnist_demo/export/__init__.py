"""What a student takes home: report, notebook, and tables for a spreadsheet."""

from mnist_demo.export.notebook import build_notebook
from mnist_demo.export.report import build_report
from mnist_demo.export.sheet import Prediction, build_sheet
from mnist_demo.export.source import running_source
from mnist_demo.export.spreadsheet import build_history_spreadsheet, build_spreadsheet

__all__ = [
    "Prediction",
    "build_history_spreadsheet",
    "build_notebook",
    "build_report",
    "build_sheet",
    "build_spreadsheet",
    "running_source",
]
