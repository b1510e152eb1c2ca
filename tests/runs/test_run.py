import math
from dataclasses import replace

import pytest

from mnist_demo.data.mnist import DatasetInfo
from mnist_demo.runs.config import run_identity
from mnist_demo.runs.rates import RateChange, rate_places
from mnist_demo.runs.run import EpochRecord, History, StepRecord, has_learned
from tests.factories import FIRST_EPOCH, HISTORY, MNIST, SECOND_EPOCH, make_run


class TestRun:
    def test_run_knows_its_identity(self):
        """A run counts with the version that it was trained by, not with today's."""
        run = make_run(training_version=9)
        assert run.identity == run_identity(run.config, run.dataset, 9)

    def test_changed_learning_rates_are_part_of_what_a_run_computed(self):
        """Which one, and from which step on; a run without any keeps the identity that it always had."""
        histories = [replace(HISTORY, rates=(RateChange(*pair),)) for pair in ((5, 0.1), (6, 0.1), (5, 0.2))]
        runs = [make_run(), *(make_run(history=history) for history in histories)]
        assert len({run.identity for run in runs}) == 4
        assert runs[0].identity == run_identity(runs[0].config, runs[0].dataset)

    def test_identity_is_computed_once(self):
        """Pages ask for those of all runs several times a second; a run with other settings has its own."""
        run = make_run()
        assert run.identity is run.identity
        changed = replace(run, config=replace(run.config, seed=2))
        assert changed.identity == run_identity(changed.config, run.dataset) != run.identity
        assert run == make_run()

    def test_id_is_the_name_of_the_folder(self):
        """So that a run can be found on the disk by hand."""
        assert make_run().id == "20260102-030405-abcdef"


class TestHasLearned:
    @pytest.mark.parametrize(
        ("accuracy", "loss", "learned"),
        [(0.975, 0.09, True), (0.2, 2.1, True), (0.199, 2.2, False), (0.098, 2.35, False)],
    )
    def test_guessing_is_no_learning(self, accuracy: float, loss: float, learned: bool):
        """Of ten digits, one in ten is right by chance; a fifth is more than that."""
        assert has_learned(make_run(test_accuracy=accuracy, test_loss=loss)) is learned

    @pytest.mark.parametrize("loss", [math.nan, math.inf])
    def test_overflowed_network_has_lost_what_it_had(self, loss: float):
        """Whatever its accuracy seems to be."""
        assert not has_learned(make_run(test_accuracy=0.9, test_loss=loss))

    def test_run_without_a_test_is_judged_by_its_last_validation(self):
        """One that failed in between; without a whole epoch nothing speaks against it."""
        guesses = replace(SECOND_EPOCH, val_accuracy=0.1, val_loss=2.3)
        for epochs, learned in [((FIRST_EPOCH,), True), ((FIRST_EPOCH, guesses), False), ((), True)]:
            run = make_run(test_accuracy=None, test_loss=None, history=History(epochs))
            assert has_learned(run) is learned


class TestHistory:
    def test_nothing_is_reached_before_the_first_epoch_ends(self):
        """Steps alone make no epoch."""
        assert History().reached_epoch == 0
        assert History(steps=HISTORY.steps).reached_epoch == 0

    def test_last_record_is_the_epoch_reached(self):
        """Two epochs have been trained to their end, however many steps were recorded."""
        assert HISTORY.reached_epoch == 2
        assert History((FIRST_EPOCH, SECOND_EPOCH)).reached_epoch == 2

    @pytest.mark.parametrize(
        ("positions", "epoch"), [((), 1), ((0.2,), 1), ((0.5, 1.0), 1), ((1.0, 1.1), 2), ((1.5, 2.0), 2)]
    )
    def test_training_ended_in_the_epoch_of_the_last_step(self, positions: tuple[float, ...], epoch: int):
        """A run that was stopped in its second epoch ended there, though it had one whole epoch."""
        assert History(steps=tuple(StepRecord(at, 0.5, 0.5) for at in positions)).last_epoch == epoch

    def test_whole_epochs_count_without_steps(self):
        """The files of a run may hold epochs alone."""
        assert History((FIRST_EPOCH, SECOND_EPOCH)).last_epoch == 2
        assert History((FIRST_EPOCH, SECOND_EPOCH), (StepRecord(0.5, 0.75, 0.5),)).last_epoch == 2

    def test_records_are_added_at_the_end(self):
        """A history grows by new values and leaves the old ones as they were."""
        before = History((FIRST_EPOCH,), (StepRecord(0.5, 0.75, 0.5),))
        after = before.with_epoch(SECOND_EPOCH).with_step(StepRecord(1.5, 0.2, 0.9))
        assert after == HISTORY
        assert before.reached_epoch == 1

    def test_epoch_record_keeps_the_order_of_its_figures(self):
        """Loss, accuracy, then the same for validation, then seconds: the columns of `history.csv`."""
        assert EpochRecord(1, 0.5, 0.75, 0.25, 0.875, 1.5) == FIRST_EPOCH


class TestDatasetInfo:
    def test_only_mnist_is_mnist(self):
        """Figures on other images, or on the small digits of old runs, are another test's."""
        assert MNIST.is_mnist
        assert not DatasetInfo("digits8x8", "ab" * 32, 1437, 360).is_mnist
        assert not DatasetInfo("other", "ab" * 32, 60000, 10000).is_mnist


def test_rates_have_their_places_in_epochs():
    """The batch after step 1,500 of 1,000 an epoch lies in mid second epoch."""
    assert rate_places((RateChange(0, 0.1), RateChange(1500, 0.01)), 1000) == [(0, 0.1), (1.5, 0.01)]
