import pytest

from mnist_demo.jobs.events import Compiling, EpochDone, Event, Started, StepDone, extend_history
from mnist_demo.runs.run import History, StepRecord
from tests.factories import FIRST_EPOCH, HISTORY, SECOND_EPOCH


@pytest.mark.parametrize(
    ("epoch", "step", "position"), [(1, 375, 0.25), (1, 1500, 1.0), (2, 750, 1.5), (10, 1500, 10.0)]
)
def test_step_is_placed_within_its_epoch(epoch: int, step: int, position: float):
    """Half of the second epoch's 1,500 steps is at 1.5 epochs."""
    event = StepDone(epoch, step, 1500, 0.4, 0.8, 0.3, 0.9, 50000.0)
    assert extend_history(History(), event).steps[0].epochs == position


def test_step_adds_the_means_of_its_segment():
    """The line within an epoch shows what is new, not the mean since the epoch began."""
    event = StepDone(
        2, 500, 1000, loss=0.4, accuracy=0.8, segment_loss=0.2, segment_accuracy=0.9, images_per_second=1.0
    )
    assert extend_history(HISTORY, event) == History(
        HISTORY.epochs, (*HISTORY.steps, StepRecord(1.5, 0.2, 0.9))
    )


def test_epoch_adds_its_record():
    """After those that are there, and the steps stay."""
    before = History((FIRST_EPOCH,), HISTORY.steps)
    assert extend_history(before, EpochDone(SECOND_EPOCH)) == HISTORY


@pytest.mark.parametrize("event", [Compiling(), Started()])
def test_before_the_first_step_nothing_is_measured(event: Event):
    """The history is the same as before."""
    assert extend_history(HISTORY, event) == HISTORY


def test_report_that_is_no_point_leaves_the_history_as_it_is():
    """Its figures come with the next point, which counts from the last one."""
    event = StepDone(2, 750, 1500, 0.4, 0.8, 0.3, 0.9, 50000.0, is_point=False)
    assert extend_history(HISTORY, event) == HISTORY


def test_history_before_the_event_stays_as_it_was():
    """A page may still be showing it."""
    before = History((FIRST_EPOCH,))
    extend_history(before, EpochDone(SECOND_EPOCH))
    assert before == History((FIRST_EPOCH,))
