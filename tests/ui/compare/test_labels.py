from dataclasses import replace

from mnist_demo.data.mnist import DatasetInfo
from mnist_demo.runs.rates import RateChange
from mnist_demo.runs.run import History, Run, RunConfig, RunStatus
from mnist_demo.texts.loading import load_texts
from mnist_demo.texts.numbers import NO_NUMBER
from mnist_demo.ui.compare.labels import (
    coincidences,
    curves_alt,
    dash_note,
    differences,
    overfitting_sentence,
    short_names,
)
from mnist_demo.ui.compare.legend import legend_html
from mnist_demo.ui.compare.table import table_columns
from tests.factories import make_history, make_run

EN, ES = load_texts("en"), load_texts("es")


def runs_of(*configs: RunConfig, dataset: DatasetInfo | None = None) -> list[Run]:
    """Make a run of each configuration, each with its own id."""
    return [
        make_run(folder=make_run().folder / str(number), config=config, dataset=dataset or make_run().dataset)
        for number, config in enumerate(configs)
    ]


BATCHES = runs_of(RunConfig(batch_size=8), RunConfig(batch_size=1024))


class TestCoincidences:
    def test_curves_that_hide_each_other_are_named(self):
        """Each run beside the longer one that it lies on."""
        runs = [make_run(history=make_history(losses)) for losses in ([3], [3, 2], [3, 2, 1], [9, 8])]
        said = coincidences(runs, ["A", "B", "C", "D"], EN)
        assert "B lies on C up to epoch 2; A lies on C up to epoch 1." in said
        assert "D " not in said

    def test_nothing_is_said_where_no_two_begin_alike(self):
        """Nor of a run that is alone, or has no epoch."""
        runs = [make_run(history=make_history(losses)) for losses in ([3], [2, 1])]
        assert coincidences(runs, ["A", "B"], EN) == ""
        assert coincidences([make_run(history=History())], ["A"], EN) == ""
        assert coincidences([], [], EN) == ""


class TestDirect:
    """A network without hidden layers, beside two with some."""

    RUNS = runs_of(RunConfig(hidden=()), RunConfig(hidden=(8,)), RunConfig(hidden=(8,), dropout=0.2))

    def test_has_a_dash_where_a_setting_has_no_effect(self):
        """And is sorted last, as what was not measured."""
        values, write = table_columns(self.RUNS, "ABC", EN)["Dropout"]
        assert values == [None, 0.0, 0.2]
        assert write(0.2) == "20%"

    def test_its_name_and_the_sentence_leave_that_out(self):
        """The others are told apart by it."""
        assert [("Dropout" in name) for name in short_names(self.RUNS, EN)] == [False, True, True]
        assert "**Dropout** (0% / 20%)" in differences(self.RUNS, EN)


class TestDifferences:
    def test_only_what_differs_is_said(self):
        """In the order of the runs, each value once."""
        assert differences([*BATCHES, BATCHES[0]], EN) == (
            "They differ in **Batch size** (8 / 1,024). Everything else is the same."
        )

    def test_learning_rate_that_was_changed_in_training_is_said(self):
        """With equal settings, too; names and table tell it."""
        changed = make_run(history=replace(make_history([1, 2]), rates=(RateChange(1500, 0.01),)))
        runs = [make_run(), changed]
        assert f"({NO_NUMBER} / 0.01 from step 1,501)" in differences(runs, EN)
        assert short_names(runs, EN)[1].endswith("changed while it trained: 0.01 from step 1,501")
        values, _ = table_columns(runs, ["A", "B"], EN)[EN.report.rates]
        assert values == [None, "0.01 from step 1,501"]

    def test_two_settings_are_told_apart(self):
        """Settings in their own order."""
        runs = runs_of(RunConfig(learning_rate=0.1), RunConfig(epochs=5))
        assert "**Épocas** (10 / 5) · **Tasa de aprendizaje** (0,1 / 0,001)" in differences(runs, ES)

    def test_equal_settings_are_said_to_be_equal(self):
        """A sentence all the same."""
        assert differences([BATCHES[0], BATCHES[0]], EN) == "These runs have the same settings."


class TestNames:
    def test_runs_are_named_by_what_differs(self):
        """Short enough for a legend."""
        assert short_names(BATCHES, EN) == ["Batch size: 8", "Batch size: 1,024"]

    def test_runs_that_differ_in_much_are_named_as_everywhere(self):
        """A list of all their settings is no name, and no legend has room for it."""
        other = RunConfig(batch_size=64, hidden=(), learning_rate=0.01, epochs=5)
        assert short_names(runs_of(RunConfig(), other), EN)[1].endswith("5 epochs, batch 64")

    def test_given_name_comes_first(self):
        """A run that somebody has named is called so, and one that ships as everywhere."""
        runs = [replace(BATCHES[0], name="Ana"), replace(BATCHES[1], pretrained=True)]
        assert short_names(runs, EN) == ["Ana", "The basic network"]

    def test_run_that_did_not_finish_is_marked(self):
        """Its curve ends early, and one sees why."""
        runs = [replace(BATCHES[0], status=RunStatus.STOPPED), BATCHES[1]]
        assert short_names(runs, EN)[0] == "Batch size: 8 · stopped after epoch 2"

    def test_no_two_names_are_alike(self):
        """A number tells apart what even the date does not."""
        assert short_names([BATCHES[0], BATCHES[0]], EN)[1].endswith("(2)")


class TestTurns:
    def test_turn_is_explained(self):
        """Which run, which epoch, what it means."""
        runs = [replace(BATCHES[0], history=make_history([0.2, 0.1, 0.3, 0.3, 0.3])), BATCHES[1]]
        said = overfitting_sentence(runs, ["A", "B"], EN)
        assert "(A, epoch 2, gap 0.10 in the end)" in said
        assert "by heart" in said

    def test_nothing_is_said_without_a_turn(self):
        """No empty sentence."""
        assert overfitting_sentence(BATCHES, ["A", "B"], EN) == ""


def test_chart_is_told_in_words():
    """Where each run ended; one without an epoch is left out."""
    waiting = replace(BATCHES[1], history=History())
    said = curves_alt([BATCHES[0], waiting], ["A", "B"], "accuracy", ES)
    assert said == "Exactitud (cuanto mayor, mejor). A: validación 90,0\u00a0% tras la época 2."
    assert curves_alt([waiting], ["B"], "loss", EN) == EN.charts.loss_title


class TestTable:
    def test_dash_for_no_overfitting_is_explained_where_there_is_one(self):
        """By the name of its column; what has no dash needs no note."""
        overfitted = replace(BATCHES[0], history=make_history([0.2, 0.1, 0.3, 0.3, 0.3]))
        assert dash_note([overfitted], EN) == ""
        assert table_columns([overfitted, BATCHES[1]], ["A", "B"], EN)[EN.compare.overfitting_epoch][0] == [
            2,
            None,
        ]
        assert f"“{EN.compare.overfitting_epoch}”" in dash_note([overfitted, BATCHES[1]], EN)
        assert f"«{ES.compare.overfitting_epoch}»" in dash_note([BATCHES[1]], ES)

    def test_settings_that_differ_have_a_column(self):
        """Values to sort by are numbers, and written as the language does."""
        values, write = table_columns(BATCHES, ["A", "B"], EN)["Batch size"]
        assert values == [8.0, 1024.0]
        assert [write(value) for value in values] == ["8", "1,024"]
        assert "Learning rate" not in table_columns(BATCHES, ["A", "B"], EN)

    def test_figures_are_written_as_the_language_does(self):
        """In Spanish with a comma."""
        values, write = table_columns(BATCHES, ["A", "B"], ES)[ES.compare.test_accuracy]
        assert [write(value) for value in values] == ["97,50\u00a0%", "97,50\u00a0%"]

    def test_what_was_not_measured_is_none(self):
        """An overflowed loss is written as a dash."""
        run = replace(BATCHES[0], test_loss=float("nan"), test_accuracy=None)
        columns = table_columns([run], ["A"], EN)
        assert columns[EN.compare.test_accuracy][0] == [None]
        assert columns[EN.compare.test_loss][1](run.test_loss) == NO_NUMBER


def test_names_are_no_html():
    """Whatever somebody calls a run."""
    assert "<b>" not in legend_html(["<b>Ana</b>"])
    assert legend_html(["A", "B"]).count("<img") == 2
