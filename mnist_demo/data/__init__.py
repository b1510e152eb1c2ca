"""MNIST, and how any image or drawing becomes 784 numbers."""

from mnist_demo.data.class_drawings import ClassDrawings, is_held_out
from mnist_demo.data.dots import looks_like_dot
from mnist_demo.data.mnist import MNIST, Dataset, DatasetInfo, load_mnist
from mnist_demo.data.non_digits import make_non_digits
from mnist_demo.data.preprocessing import (
    FAINT,
    FINE,
    FramingSteps,
    dilate,
    frame_drawing,
    frame_in_steps,
    prepare_images,
    shrink_unframed,
)
from mnist_demo.data.rasterize import (
    CANVAS_PIXELS,
    PEN_PIXELS,
    Picture,
    Stroke,
    draw_strokes,
    stamp_stroke,
    walk_evenly,
)
from mnist_demo.data.several import looks_like_several
from mnist_demo.data.shape import DIGITS, IMAGE_SIDE, PIXELS
from mnist_demo.data.spoiling import choose_rows, give_labels
from mnist_demo.data.summary import (
    DataSummary,
    count_split,
    one_hot,
    split_validation,
    summarise,
)

__all__ = [
    "CANVAS_PIXELS",
    "DIGITS",
    "FAINT",
    "FINE",
    "IMAGE_SIDE",
    "MNIST",
    "PEN_PIXELS",
    "PIXELS",
    "ClassDrawings",
    "DataSummary",
    "Dataset",
    "DatasetInfo",
    "FramingSteps",
    "Picture",
    "Stroke",
    "choose_rows",
    "count_split",
    "dilate",
    "draw_strokes",
    "frame_drawing",
    "frame_in_steps",
    "give_labels",
    "is_held_out",
    "load_mnist",
    "looks_like_dot",
    "looks_like_several",
    "make_non_digits",
    "one_hot",
    "prepare_images",
    "shrink_unframed",
    "split_validation",
    "stamp_stroke",
    "summarise",
    "walk_evenly",
]
