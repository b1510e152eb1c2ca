"""The code cells of a run's notebook, in plain Keras; «name» stands for a value of the run.

The same steps as `training.model` and `training.loop`, with Keras's own `fit` in place of the app's faster
loop. Network and augmentation are the app's own code, word for word. `jit_compile` and the weights of 1 make
Keras round as the app does: on one computer the default run comes out the same to the last bit, and others do
until a batch is not full. A test runs the cells and holds the figures against a run of the app.
"""

from __future__ import annotations

import ast
import json
from importlib import resources

from mnist_demo.export.source import running_source
from mnist_demo.runs import SETTINGS

IMPORTS = """\
import hashlib
import os

import keras
import numpy as np

"""

READ_FILE = """\
with np.load(MNIST_FILE, allow_pickle=False) as arrays:
    x_train, y_train = arrays["x_train"], arrays["y_train"]
    x_test, y_test = arrays["x_test"], arrays["y_test"]
"""

KERAS_DATA = f"""\
MNIST_FILE = os.environ.get("MNIST_DEMO_DATA")

if MNIST_FILE:
    {READ_FILE.replace(chr(10), chr(10) + "    ").rstrip()}
else:
    (x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
"""

OWN_DATA = f"""\
MNIST_FILE = os.environ.get("MNIST_DEMO_DATA", "mnist.npz")

{READ_FILE}"""

FINGERPRINT = """
digest = hashlib.sha256()
for array in (x_train, y_train, x_test, y_test):
    digest.update(repr(array.shape).encode())
    digest.update(np.ascontiguousarray(array).tobytes())
print({words}, digest.hexdigest() == {fingerprint})
"""

PREPARATION = """\
PIXELS, DIGITS = 784, 10


def prepare(images):
    return images.reshape(len(images), PIXELS).astype("float32") / np.float32(255)


images, labels = prepare(x_train), keras.utils.to_categorical(y_train, DIGITS)
test_images, test_labels = prepare(x_test), keras.utils.to_categorical(y_test, DIGITS)

cut = int(len(images) * (1 - VALIDATION_SPLIT))
validation = (images[cut:], labels[cut:])
"""

FEWER = """\
cut = min(cut, TRAIN_IMAGES)
"""

AUGMENTING = """\
augmenter = Augmenter(tf.constant(images))


def augment(order, epoch):
    seed = int(np.random.default_rng([SEED, epoch]).integers(2**31))
    return np.concatenate([part[: len(rows)] for rows, part in augmenter.augment_in_parts(order, seed)])
"""

COSINE = """\
import math


def rate_in(epoch):
    height = (1 + math.cos(math.pi * (epoch - 1) / PLANNED_EPOCHS)) / 2
    return LEARNING_RATE * (0.001 + 0.999 * height)
"""

TRAINING = """\
history = []
for epoch in range(1, EPOCHS + 1):
    «rate»
    order = np.random.default_rng([SEED, epoch]).permutation(cut)
    fitted = network.fit(
        «examples»,
        labels[order],
        batch_size=BATCH_SIZE,
        shuffle=False,
        sample_weight=np.ones(cut, "float32"),
        validation_data=validation,
        validation_batch_size=1000,
        verbose=0,
    )
    history.append({name: values[0] for name, values in fitted.history.items()})
    print(«epoch_word», epoch, {name: round(value, 4) for name, value in history[-1].items()})
"""

REST = """\
«rate»
order = np.random.default_rng([SEED, EPOCHS + 1]).permutation(cut)[: «batches» * BATCH_SIZE]
network.fit(
    «examples»,
    labels[order],
    batch_size=BATCH_SIZE,
    shuffle=False,
    sample_weight=np.ones(len(order), "float32"),
    verbose=0,
)
"""

EVALUATION = """\
# loss, accuracy, val_loss, val_accuracy
run_history = «rows»
run_test_loss, run_test_accuracy = «test_loss», «test_accuracy»

print(«heading»)
for epoch, (here, there) in enumerate(zip(history, run_history), 1):
    print(f"{epoch:3}  {here['val_accuracy']:.4f} | {there[3]:.4f}")

test_loss, test_accuracy = network.evaluate(test_images, test_labels, batch_size=1000, verbose=0)
print()
print(«test»)
print("   ", «here», round(test_accuracy, 4))
print("   ", «there», run_test_accuracy)
"""

SAVING = """\
network.save(«file»)
"""


def network_code() -> str:
    """Write the code that makes the network: the app's own functions, called with the run's settings."""
    names = ("build_network", "draw_initial_weights", "compile_network")
    sources = [running_source("mnist_demo.training.model", name) for name in names]
    calls = ["network = " + _call(sources[0]), *map(_call, sources[1:]), "network.jit_compile = True"]
    return "\n\n\n".join([*sources, "\n".join([*calls, "network.summary()"])])


def _call(source: str) -> str:
    """Write the call of a function whose arguments are the network, or settings, which are constants here."""
    (function,) = ast.parse(source).body
    assert isinstance(function, ast.FunctionDef)
    settings = {setting.name for setting in SETTINGS}
    names = [argument.arg for argument in function.args.args]
    return f"{function.name}({', '.join(name.upper() if name in settings else name for name in names)})"


def augmenter_code() -> str:
    """Give the text of the app's own augmentation, which nobody may import who wants no TensorFlow."""
    text = resources.files("mnist_demo.training").joinpath("augment.py").read_text(encoding="utf-8")
    # This import may stand only where a program begins, and nothing in the text needs it.
    return text.replace("from __future__ import annotations\n\n", "")


def fingerprint_code(fingerprint: str, words: str) -> str:
    """Write the code that says whether the images are those of the run."""
    return FINGERPRINT.format(words=json.dumps(words, ensure_ascii=False), fingerprint=repr(fingerprint))
