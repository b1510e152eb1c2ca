import json
import math
from dataclasses import replace

import pytest

from mnist_demo.errors import DatasetUnavailable
from mnist_demo.jobs.controls import Controls
from mnist_demo.jobs.events import Compiling, EpochDone, Started, StepDone
from mnist_demo.jobs.messages import (
    DataReady,
    Ended,
    HandOver,
    Heartbeat,
    Message,
    Problem,
    Progress,
    Ready,
    Steer,
    Stop,
    Train,
    decode,
    encode,
)
from mnist_demo.network.calibration import Calibration
from mnist_demo.runs.owner import Owner
from mnist_demo.runs.rates import RateChange
from mnist_demo.runs.run import EpochRecord, RunConfig
from mnist_demo.texts.loading import message
from tests.factories import FIRST_EPOCH, MNIST

CONFIG = RunConfig(3, 64, 0.1 + 0.2, 0.25, (10, 20), "sgd", 7)
STEP = StepDone(1, 10, 1500, 0.1 + 0.2, 1 / 3, 1e-9, 0.9, 51234.5)

MESSAGES: list[Message] = [
    Train("job7", CONFIG),
    Train("job7", CONFIG, Owner("a1b2", "Íñigo «7»")),
    HandOver("job7", Owner("a1b2")),
    Stop("job7"),
    Steer("job7", Controls()),
    Steer("job7", Controls("step", slow=True, rate=1 / 3, presses=7)),
    Problem("dataset_unreadable", {"file": "/tmp/ñ/mnist.npz", "reason": "sin permiso\n«no»"}),
    Problem("trainer_broken", {}),
    DataReady(MNIST),
    Ready(),
    Progress("job7", Compiling(), ""),
    Progress("job7", Started(), "/home/live/job7-0.npz"),
    Progress("job7", STEP, ""),
    Progress("job7", replace(STEP, is_point=False), ""),
    Progress("job7", replace(STEP, rate_change=RateChange(9, 0.1 + 0.2)), "", is_still=True),
    Progress("job7", EpochDone(FIRST_EPOCH), "/home/live/job7-1.npz"),
    Progress("job7", EpochDone(FIRST_EPOCH), "", Calibration(1 / 3, 1e-9, 0.02, 0.01, 0.005)),
    Ended("job7", "20260102-030405-abcdef"),
    Ended("job7", ""),
    Ended("job7", "", problem=Problem("run_not_kept", {"reason": "No space left on device"})),
    Heartbeat(),
]


class TestRoundTrip:
    @pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
    def test_message_comes_back_as_it_was(self, message: Message):
        """With its tuples, its dataclasses and its floats to the last digit."""
        assert decode(encode(message)) == message

    @pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
    def test_message_is_one_line(self, message: Message):
        """Line ends within texts are written as signs, so that a line is a message; all is plain ASCII."""
        line = encode(message)
        assert line.endswith("\n")
        assert line.count("\n") == 1
        assert line.isascii()

    def test_every_kind_of_message_is_tried(self):
        """A new kind gets its example here."""
        assert {type(message) for message in MESSAGES} == set(Message.__args__)

    def test_overflowed_loss_crosses_the_pipe(self):
        """A run whose loss is no number is still reported."""
        record = EpochRecord(1, math.nan, 0.1, math.inf, 0.1, 1.0)
        sent = Progress("job7", EpochDone(record), "")
        assert repr(decode(encode(sent))) == repr(sent)

    def test_calibration_of_a_network_in_training_crosses_the_pipe(self):
        """What nobody has measured yet is no number there, either."""
        sent = Progress("job7", EpochDone(FIRST_EPOCH), "", Calibration(1.5, 0.25))
        assert repr(decode(encode(sent))) == repr(sent)

    def test_layers_come_back_as_a_tuple(self):
        """A list would not be a valid setting."""
        assert decode(encode(Train("job7", CONFIG))).config.hidden == (10, 20)

    def test_message_is_an_object_of_its_kind(self):
        """Whoever listens in on the pipe can read it."""
        assert json.loads(encode(Stop("job7"))) == {"kind": "Stop", "job": "job7"}


class TestProblem:
    def test_error_is_packed_and_unpacked(self):
        """It reads the same on the other side, in every language."""
        error = DatasetUnavailable("dataset_truncated", file="x.npz", size=12, expected=47040016)
        unpacked = decode(encode(Problem.of(error))).error()
        assert str(unpacked) == str(error)
        assert message(unpacked, "es") == message(error, "es")


class TestForeignLines:
    @pytest.mark.parametrize(
        "line",
        [
            "",
            "Epoch 1/10\n",
            '{"kind": "Stop", "job": "job7"',
            '{"kind": "Explode"}',
            '{"kind": "Stop"}',
            '{"kind": "Stop", "job": "job7", "when": "now"}',
            '{"kind": "Progress", "job": "job7", "event": {"kind": "Nothing"}, "weights": ""}',
            '{"kind": ["Stop"], "job": "job7"}',
        ],
    )
    def test_line_that_is_no_message_is_refused(self, line: str):
        """What a library prints, what was cut short, what another version sends."""
        with pytest.raises(ValueError, match=r"Not a message|line 1 column"):
            decode(line)

    @pytest.mark.parametrize(
        "line", ["7", "null", "[]", '"Stop"', '{"job": "job7"}', '{"kind": "RunConfig"}']
    )
    def test_other_json_is_refused(self, line: str):
        """A number that a library prints is valid JSON, but no message."""
        with pytest.raises(ValueError, match="Not a message"):
            decode(line)

    def test_refusal_shows_the_line(self):
        """Only a defect of this program can cause it, and the log has to show it."""
        with pytest.raises(ValueError, match=r"Not a message: .*Explode"):
            decode('{"kind": "Explode"}')
