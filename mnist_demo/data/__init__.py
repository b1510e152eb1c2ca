"""MNIST, and how any image or drawing becomes 784 numbers."""

from mnist_demo.data.mnist import (
    KERAS_FALLBACK,
    MNIST_FINGERPRINT,
    Dataset,
    DatasetInfo,
    keras_files,
    load_mnist,
)
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
    "KERAS_FALLBACK",
    "MNIST_FINGERPRINT",
    "DataSummary",
    "Dataset",
    "DatasetInfo",
    "FramingSteps",
    "count_split",
    "dilate",
    "frame_drawing",
    "frame_in_steps",
    "keras_files",
    "load_mnist",
    "one_hot",
    "prepare_images",
    "shrink_unframed",
    "split_validation",
    "summarise",
]
