from dataclasses import replace
from pathlib import Path

import pytest

from mnist_demo.runs.comparison import (
    Overfitting,
    comparable_runs,
    differing_settings,
    find_overfitting,
    first_choice,
    group_by_test,
    overfitting_epoch,
    run_figures,
    shared_epochs,
)
from mnist_demo.runs.run import History, RunConfig
from tests.factories import DIGITS, make_history, make_run

NAN, INF = float("nan"), float("inf")


class TestTurningEpoch:
    @pytest.mark.parametrize(
        ("val_losses", "epoch"),
        [
            ([0.3, 0.2, 0.1, 0.2, 0.3, 0.4], 3),
            ([0.1, 0.2, 0.3, 0.4], 1),
            ([0.2, 0.1, 0.2, 0.1, 0.2], 2),  # the first of equals
            ([0.2, 0.1, NAN, 0.2, 0.2, 0.2], 2),
            ([0.2, 0.1, 0.104, 0.104, 0.104], 2),
        ],
    )
    def test_lowest_validation_loss_is_where_it_turned(self, val_losses: list[float], epoch: int):
        """After it the network only learned by heart; what has overflowed does not count."""
        falling = [0.09 / epoch for epoch in range(1, len(val_losses) + 1)]
        assert overfitting_epoch(make_history(val_losses, falling)) == epoch

    @pytest.mark.parametrize(
        "val_losses",
        [
            [],
            [0.1],
            [0.3, 0.2, 0.1],  # still falling
            [0.3, 0.2, 0.1, 0.3, 0.3],  # two epochs may be chance
            [0.3, 0.1, 0.102, 0.102, 0.102],  # as good as before
            [NAN, NAN, INF],
        ],
    )
    def test_no_turn_is_seen_where_there_is_none(self, val_losses: list[float]):
        """Two epochs are chance, and two per cent are noise."""
        assert overfitting_epoch(make_history(val_losses)) is None

    def test_who_stays_worse_on_what_it_learns_from_learns_nothing_by_heart(self):
        """Deformed images are harder than those of validation, however long one trains."""
        history = make_history([0.3, 0.2, 0.1, 0.12, 0.12, 0.12], losses=[0.9, 0.8, 0.7, 0.6, 0.5, 0.4])
        assert overfitting_epoch(history) is None

    def test_few_images_are_learned_by_heart_before_anything_rises(self):
        """The validation loss only stays where it is, far above the other: judged by the gap."""
        history = make_history([1.9, 1.3, 1.1, 1.09, 1.08, 1.08], losses=[2.0, 1.2, 0.7, 0.3, 0.1, 0.02])
        assert overfitting_epoch(history) == 2

    def test_a_digit_that_was_not_learned_is_no_overfitting(self):
        """The validation loss is high because of that digit alone."""
        history = make_history([0.5, 0.9, 1.4, 1.9, 2.4])
        assert find_overfitting(make_run(history=history)) == Overfitting(1, 2.4 - 0.2)
        assert find_overfitting(make_run(history=history, config=RunConfig(missing_digit=7))) is None

    def test_network_that_does_not_learn_does_not_learn_by_heart(self):
        """With too large a learning rate both losses rise: that is no overfitting."""
        assert (
            overfitting_epoch(make_history([0.2, 0.1, 0.3, 0.4, 0.4], losses=[0.3, 0.2, 0.4, 0.5, 0.5]))
            is None
        )


class TestFigures:
    def test_figures_are_gathered(self):
        """The median of the seconds, the best of the validation losses."""
        run = make_run(
            history=make_history([0.3, 0.1, 0.2, 0.25, 0.3]), test_loss=0.125, test_accuracy=0.96875
        )
        figures = run_figures(run)
        assert (figures.epochs, figures.test_accuracy, figures.test_loss) == (5, 0.96875, 0.125)
        assert (figures.best_val_loss, figures.seconds_per_epoch, figures.overfitting.epoch) == (0.1, 3.0, 2)

    def test_what_was_not_measured_is_none(self):
        """A run that failed in its first epoch has no figures, and one that overflowed has no best loss."""
        figures = run_figures(make_run(history=History(), test_loss=None, test_accuracy=None))
        assert figures == replace(figures, epochs=0, test_loss=None, best_val_loss=None, overfitting=None)
        assert figures.seconds_per_epoch is None
        assert run_figures(make_run(history=make_history([NAN]))).best_val_loss is None


class TestDifferences:
    def test_settings_that_differ_are_named_in_order(self):
        """What all have in common is left out."""
        configs = [RunConfig(), RunConfig(batch_size=8, seed=2), RunConfig(seed=2, train_images=100)]
        names = [setting.name for setting in differing_settings(configs)]
        assert names == ["batch_size", "seed", "train_images"]

    def test_what_has_no_effect_is_no_difference(self):
        """A network without hidden layers has no activation function that could be another one."""
        direct, tanh = RunConfig(hidden=()), RunConfig(activation="tanh", dropout=0.2)
        assert [setting.name for setting in differing_settings([direct, tanh])] == ["hidden"]
        names = [setting.name for setting in differing_settings([direct, tanh, RunConfig()])]
        assert names == ["hidden", "activation", "dropout"]

    def test_one_run_differs_from_nothing(self):
        """Neither do equal ones."""
        assert differing_settings([RunConfig()]) == ()
        assert differing_settings([RunConfig(), RunConfig()]) == ()


class TestTests:
    def test_runs_of_other_images_stand_apart(self):
        """MNIST comes first; within a test the order stays."""
        runs = [
            make_run(name=name, dataset=dataset)
            for name, dataset in (("a", DIGITS), ("b", make_run().dataset), ("c", DIGITS))
        ]
        assert [[run.name for run in group] for group in group_by_test(runs)] == [["b"], ["a", "c"]]

    def test_run_without_a_whole_epoch_has_no_curve(self):
        """It cannot be compared."""
        whole, broken = make_run(), make_run(history=History())
        assert comparable_runs([whole, broken]) == (whole,)

    def test_own_runs_are_chosen_before_all_others(self):
        """With the notebook's beside them, and no stranger's, however new."""
        runs = [make_run(folder=Path(str(number))) for number in range(4)]
        runs += [make_run(folder=Path(name), pretrained=True) for name in ("robust", "notebook")]
        assert first_choice(runs, ("2",)) == ("2", "notebook")
        assert first_choice(runs, ("3", "1")) == ("1", "3", "notebook")
        assert first_choice(runs, ("0", "1", "2", "3")) == ("0", "1", "2")
        assert first_choice(runs, ("gone",)) == ("0", "1", "2")

    def test_epochs_are_shared_while_nothing_differs(self):
        """From the first one on."""
        long, short, other = (make_history(losses) for losses in ([3, 2, 1], [3, 2], [3, 1, 1]))
        assert shared_epochs(long, short) == shared_epochs(short, long) == 2
        assert shared_epochs(long, long) == 3
        assert shared_epochs(long, History()) == 0
        assert shared_epochs(make_history([9, 2, 1]), long) == 0
        assert shared_epochs(long, other) == 1

    def test_newest_of_mnist_are_chosen_first(self):
        """Three at most, never two tests together."""
        runs = [make_run(folder=make_run().folder / str(number)) for number in range(5)]
        runs[0] = replace(runs[0], dataset=DIGITS)
        assert first_choice(runs) == ("1", "2", "3")
        assert first_choice(runs[:1]) == ("0",)
        assert first_choice([]) == ()
