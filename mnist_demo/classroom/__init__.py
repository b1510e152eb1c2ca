"""A class that draws and learns together: its rules, its file, and what each of its screens may know."""

from mnist_demo.classroom.arrivals import add_drawing, add_vote, check_open, check_seat, join
from mnist_demo.classroom.commands import apply_command, read_flag, read_whole
from mnist_demo.classroom.drawing import Drawing, Reading
from mnist_demo.classroom.export import export_csv, export_zip
from mnist_demo.classroom.files import set_aside
from mnist_demo.classroom.learning import begin_training, class_drawings, end_training, start_training
from mnist_demo.classroom.reading import Reader
from mnist_demo.classroom.seats import CODE_LENGTH, CODE_SIGNS, Seat, digest_of, new_code, new_token
from mnist_demo.classroom.state import ClassState, Kind, Phase
from mnist_demo.classroom.store import ClassStore, read_drawings
from mnist_demo.classroom.strokes import MAX_BYTES, pack_strokes, read_json, read_strokes
from mnist_demo.classroom.tallies import Tallies, tally, wilson_interval
from mnist_demo.classroom.views import own_view, phone_view, seat_view, wall_view

__all__ = [
    "CODE_LENGTH",
    "CODE_SIGNS",
    "MAX_BYTES",
    "ClassState",
    "ClassStore",
    "Drawing",
    "Kind",
    "Phase",
    "Reader",
    "Reading",
    "Seat",
    "Tallies",
    "add_drawing",
    "add_vote",
    "apply_command",
    "begin_training",
    "check_open",
    "check_seat",
    "class_drawings",
    "digest_of",
    "end_training",
    "export_csv",
    "export_zip",
    "join",
    "new_code",
    "new_token",
    "own_view",
    "pack_strokes",
    "phone_view",
    "read_drawings",
    "read_flag",
    "read_json",
    "read_strokes",
    "read_whole",
    "seat_view",
    "set_aside",
    "start_training",
    "tally",
    "wall_view",
    "wilson_interval",
]
