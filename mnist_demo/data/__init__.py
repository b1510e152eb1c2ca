"""MNIST, and how any image or drawing becomes 784 numbers."""

from mnist_demo.data.mnist import MNIST, Dataset, DatasetInfo, load_mnist
from mnist_demo.data.preprocessing import (
    FINE,
    FRAME_PIXELS,
    FramingSteps,
    dilate,
    frame_drawing,
    frame_in_steps,
    prepare_images,
    shrink_unframed,
)
from mnist_demo.data.summary import (
    DIGITS,
    DataSummary,
    count_split,
    one_hot,
    split_validation,
    summarise,
)

__all__ = [
    "DIGITS",
    "FINE",
    "FRAME_PIXELS",
    "MNIST",
    "DataSummary",
    "Dataset",
    "DatasetInfo",
    "FramingSteps",
    "count_split",
    "dilate",
    "frame_drawing",
    "frame_in_steps",
    "load_mnist",
    "one_hot",
    "prepare_images",
    "shrink_unframed",
    "split_validation",
    "summarise",
]
