import math
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from random import Random
from types import SimpleNamespace

import pytest

from mnist_demo.data.mnist import DatasetInfo
from mnist_demo.runs.config import SETTINGS, USUAL_RATES
from mnist_demo.runs.labels import (
    brief_settings,
    check_setting_words,
    choice_labels,
    config_summary,
    folded_changes,
    remedy_label,
    run_date,
    run_label,
    run_name,
    run_title,
    status_label,
    tell_apart,
)
from mnist_demo.runs.outcome import run_outcome
from mnist_demo.runs.owner import Owner
from mnist_demo.runs.rates import RateChange
from mnist_demo.runs.run import History, RunConfig, RunStatus, StepRecord, offered_runs
from mnist_demo.texts import Texts
from mnist_demo.texts.loading import load_texts
from tests.factories import DIGITS, FIRST_EPOCH, make_run, some_values

EN, ES = load_texts("en"), load_texts("es")
NBSP = "\N{NO-BREAK SPACE}"
NOTEBOOK = RunConfig()
COMBINATIONS = 2000
OTHER = DatasetInfo("other", "ef" * 32, 500, 100)


class TestName:
    def test_given_name_comes_first(self):
        """Also for a run of the notebook's settings."""
        assert run_name(make_run(name="Ana", pretrained=True), EN) == "Ana"

    def test_shipped_run_is_the_notebooks(self):
        """It has a name in every language."""
        assert run_name(make_run(pretrained=True), EN) == "The basic network"
        assert run_name(make_run(pretrained=True), ES) == "La red básica"

    def test_other_runs_are_named_by_their_settings(self):
        """Epochs and batch size always, the rest where it is not the notebook's."""
        assert run_name(make_run(config=NOTEBOOK), EN) == "10 epochs, batch 32"


class TestSettingsInWords:
    @pytest.mark.parametrize(
        ("setting", "en", "es"),
        [
            ({}, "10 epochs, batch 32", "10 épocas, lote 32"),
            ({"epochs": 3, "batch_size": 1024}, "3 epochs, batch 1,024", "3 épocas, lote 1024"),
            ({"hidden": (64, 32)}, "layers 64\u201132", "capas de 64\u201132"),
            ({"optimizer": "sgd"}, "SGD", "SGD"),
            ({"optimizer": "rmsprop"}, "RMSprop", "RMSprop"),
            ({"learning_rate": 0.00001}, "learning rate 0.00001", "tasa de aprendizaje 0,00001"),
            ({"validation_split": 0.05}, "validation 5%", f"validación 5{NBSP}%"),
            ({"seed": 7}, "seed 7", "semilla 7"),
            ({"seed": 12345}, "seed 12345", "semilla 12345"),
            ({"train_images": 100}, "100 training images", "100 imágenes de entrenamiento"),
            ({"augment": True}, "augmented", "con aumento de datos"),
            ({"european": True}, "European digits", "dígitos a la europea"),
            ({"schedule": "cosine"}, "cosine decay", "la tasa baja según un coseno"),
            ({"epochs": 1}, "1 epoch, batch 32", "1 época, lote 32"),
        ],
    )
    def test_what_is_not_the_notebooks_is_said(self, setting: dict, en: str, es: str):
        """First, since a field of one line cuts off the end; epochs and batch size come last."""
        config = replace(NOTEBOOK, **setting)
        assert config_summary(config, EN).split(" · ")[0] == en
        assert config_summary(config, ES).split(" · ")[0] == es
        assert config_summary(config, EN).split(" · ")[-1].count("batch") == 1

    def test_all_settings_have_their_order(self):
        """Everything is different, and everything is said once."""
        config = RunConfig(3, 64, 0.01, 0.3, (64, 32), "sgd", 7)
        assert config_summary(config, EN) == (
            "learning rate 0.01 · validation 30% · layers 64\u201132 · SGD · seed 7 · 3 epochs, batch 64"
        )

    @pytest.mark.parametrize("texts", [EN, ES], ids=["en", "es"])
    def test_no_two_configurations_have_one_name(self, texts: Texts):
        """Whatever differs, in one setting or in several, the name tells it."""
        values = [(setting.name, some_values(setting)) for setting in SETTINGS]
        configs = {RunConfig(**{name: value}) for name, several in values for value in several}
        ends = [{name: value} for name, several in values for value in (several[0], several[-1])]
        pairs = [a | b for a, b in combinations(ends, 2)]
        configs |= {RunConfig(**changes) for changes in pairs}
        lots = Random(1)  # all combinations would be twice as many with every further setting
        every = ({name: lots.choice(several) for name, several in values} for _ in range(COMBINATIONS))
        configs |= {RunConfig(**changes) for changes in every}
        idle = {setting.name: setting.default for setting in SETTINGS if setting.is_of_hidden}
        networks = {config if config.hidden else replace(config, **idle) for config in configs}
        assert len({config_summary(config, texts) for config in configs}) == len(networks)

    def test_what_does_nothing_without_hidden_layers_is_not_told(self):
        """There are no neurons of which some could be left out."""
        config = replace(NOTEBOOK, hidden=(), activation="tanh", dropout=0.2, l2=0.001)
        for words in (config_summary(config, EN), brief_settings(config, EN)):
            assert "tanh" not in words
            assert "dropout" not in words
            assert "L2 0.001" in words
        assert "dropout 20%" in config_summary(replace(config, hidden=(8,)), EN)


class TestBrief:
    @pytest.mark.parametrize(
        ("changes", "en", "es"),
        [
            ({}, "784-128-64-10", "784-128-64-10"),
            ({"epochs": 3, "batch_size": 8}, "784-128-64-10", "784-128-64-10"),
            ({"hidden": (1024, 4)}, "784-1024-4-10", "784-1024-4-10"),
            ({"augment": True}, "784-128-64-10 · augmented", "784-128-64-10 · con aumento de datos"),
            (
                {"learning_rate": 0.01, "optimizer": "sgd", "seed": 7},
                "784-128-64-10 · learning rate 0.01 · SGD · seed 7",
                "784-128-64-10 · tasa de aprendizaje 0,01 · SGD · semilla 7",
            ),
            (
                {"learning_rate": 0.01, "optimizer": "sgd", "seed": 7, "augment": True},
                "784-128-64-10 · learning rate 0.01 · SGD · 2 more changed",
                "784-128-64-10 · tasa de aprendizaje 0,01 · SGD · 2 ajustes más",
            ),
        ],
    )
    def test_network_and_what_is_not_the_notebooks_is_said(self, changes: dict, en: str, es: str):
        """What is beside Train anyway is left out, and of much only the first is named."""
        config = replace(NOTEBOOK, **changes)
        assert brief_settings(config, EN).replace("\u2011", "-") == en
        assert brief_settings(config, ES).replace("\u2011", "-") == es

    def test_folded_settings_that_are_changed_are_counted(self):
        """Epochs and batch size are always in sight."""
        config = replace(NOTEBOOK, epochs=3, batch_size=8, hidden=(8, 8), seed=2)
        assert [setting.name for setting in folded_changes(config)] == ["hidden", "seed"]


class TestWords:
    def test_catalogue_without_a_word_is_named(self):
        """When the app starts, not when somebody changes the setting."""
        words = SimpleNamespace(**vars(EN.settings))
        del words.seed_short, words.optimizer_sgd
        texts = SimpleNamespace(code="xx", settings=words)
        with pytest.raises(ValueError, match=r"xx.*\['optimizer_sgd', 'seed_short'\]"):
            check_setting_words(texts)

    @pytest.mark.parametrize("texts", [EN, ES], ids=["en", "es"])
    def test_whole_catalogue_passes(self, texts: Texts):
        """Every word is there."""
        check_setting_words(texts)


class TestLabel:
    def test_label_has_name_and_accuracy(self):
        """What one chooses a network by, which the test is not."""
        run = make_run(name="Ana", test_accuracy=0.9783)
        assert run_label(run, EN) == "90.0% · Ana"
        assert run_label(run, ES) == f"90,0{NBSP}% · Ana"

    def test_accuracy_is_that_of_the_network_that_was_kept(self):
        """Not of a later epoch whose network is gone."""
        config = RunConfig(epochs=2, keep_best=True)
        assert run_label(make_run(name="Ana", config=config), EN).startswith("87.5% · Ana")

    def test_accuracy_on_other_images_is_marked(self):
        """90 % of other images are not 90 % of MNIST; nor are those of the small digits of old runs."""
        for dataset in (OTHER, DIGITS):
            run = make_run(name="Ana", dataset=dataset, test_accuracy=0.95)
            assert run_label(run, EN) == "other images, not MNIST: 90.0% · Ana"
            assert run_label(run, ES) == f"otras imágenes, no MNIST: 90,0{NBSP}% · Ana"

    def test_other_images_are_marked_without_accuracy_too(self):
        """Of a run that failed, one still sees what it was trained on."""
        run = make_run(name="Ana", dataset=DIGITS, history=History(), status=RunStatus.FAILED)
        assert run_label(run, EN) == "other images, not MNIST · Ana · failed during epoch 1 (0 completed)"

    def test_run_that_was_not_evaluated_has_no_accuracy(self):
        """Nothing stands for a figure that there is not."""
        assert run_label(make_run(name="Ana", history=History()), EN) == "Ana"

    @pytest.mark.parametrize(
        ("status", "en", "es"),
        [
            (RunStatus.STOPPED, "stopped after epoch 1", "detenida tras la época 1"),
            (RunStatus.FAILED, "failed after epoch 1", "interrumpida por un error tras la época 1"),
        ],
    )
    def test_unfinished_run_is_marked(self, status: RunStatus, en: str, es: str):
        """With the epoch in which it ended; whole ones alone are all that is known here."""
        run = make_run(name="Ana", status=status, history=History((FIRST_EPOCH,)))
        assert run_label(run, EN) == f"87.5% · Ana · {en}"
        assert run_label(run, ES) == f"87,5{NBSP}% · Ana · {es}"

    def test_run_that_failed_at_once_failed_in_its_first_epoch(self):
        """There is no epoch 0."""
        run = make_run(status=RunStatus.FAILED, history=History())
        assert status_label(run, EN) == "failed during epoch 1 (0 completed)"

    def test_run_that_was_stopped_says_how_many_epochs_it_had_completed(self):
        """Chart and table end with the first epoch, though it was stopped halfway through the second."""
        history = History((FIRST_EPOCH,), (StepRecord(1.5, 0.2, 0.9),))
        run = make_run(status=RunStatus.STOPPED, history=history)
        assert status_label(run, EN) == "stopped during epoch 2 (1 completed)"
        assert status_label(run, ES) == "detenida durante la época 2 (completó 1)"

    def test_finished_run_is_called_finished(self):
        """In the sentence about its outcome."""
        assert status_label(make_run(), EN) == "finished"


class TestOutcome:
    def test_outcome_is_one_sentence(self):
        """Name, end, and both figures with the number of images that they were taken on."""
        run = make_run(name="Ana", test_accuracy=0.9783, test_loss=0.086448)
        assert run_outcome(run, EN) == (
            "Ana (finished): test accuracy 97.8%, test loss 0.0864, on 10,000 images new to it."
        )
        assert run_outcome(run, ES) == (
            f"Ana (terminada): exactitud de prueba 97,8{NBSP}%, pérdida 0,0864, "
            "con 10\u00a0000 imágenes nuevas."
        )

    def test_outcome_on_other_images_says_so(self):
        """Never to be read as a result on MNIST."""
        run = make_run(name="Ana", dataset=DIGITS, test_accuracy=0.95, test_loss=0.2)
        assert run_outcome(run, EN) == (
            "Ana (finished): accuracy 95.0%, loss 0.2000, on 360 test images of their own. "
            "This is not MNIST's test."
        )

    def test_run_that_was_not_evaluated_says_how_it_ended(self):
        """There is no more to say."""
        run = make_run(name="Ana", test_loss=None, test_accuracy=None, status=RunStatus.FAILED)
        assert run_outcome(run, EN) == "Ana: failed after epoch 2."

    def test_overflowed_loss_is_no_riddle_of_letters(self):
        """The sentence says what it means, and what to do."""
        run = make_run(name="Ana", test_loss=math.nan, test_accuracy=0.098)
        assert run_outcome(run, EN) == (
            "Ana: finished. It has learned nothing: with an accuracy of 9.8% it only guesses. "
            "Try a smaller learning rate."
        )
        assert run_outcome(run, ES) == (
            f"Ana: terminada. No ha aprendido nada: con una exactitud del 9,8{NBSP}%, responde al azar. "
            "Prueba con una tasa de aprendizaje menor."
        )

    @pytest.mark.parametrize(("share", "is_misled"), [(1.0, True), (0.9, True), (0.8, False)])
    def test_wrong_labels_are_no_matter_of_the_rate(self, share: float, is_misled: bool):
        """From nine in ten on, none is likelier than the others."""
        run = make_run(name="Ana", config=RunConfig(wrong_labels=share), test_loss=3.0, test_accuracy=0.05)
        outcome = run_outcome(run, EN)
        assert (f"{100 * share:.0f}% of its labels were wrong" in outcome) is is_misled
        assert ("learning rate" in outcome) is not is_misled

    @pytest.mark.parametrize(
        ("optimizer", "rate", "remedy"),
        [
            ("adam", 1.0, "try_slower"),
            ("adam", 0.01, "try_slower"),
            ("adam", 1e-5, "try_faster"),
            ("sgd", 0.001, "try_faster"),
            ("sgd", 1.0, "try_slower"),
        ],
    )
    def test_remedy_is_the_other_way_round(self, optimizer: str, rate: float, remedy: str):
        """Too slow a network has learned nothing, either."""
        config = RunConfig(optimizer=optimizer, learning_rate=rate)
        run = make_run(config=config, test_accuracy=0.11, test_loss=2.3)
        assert run_outcome(run, EN).endswith(getattr(EN.runs, remedy))

    def test_remedy_is_that_of_a_rate_chosen_in_training(self):
        """Usual settings guess, too, if they get a rate a thousand times theirs on the way."""
        chosen = make_run(test_accuracy=0.11, test_loss=2.3)
        chosen = replace(chosen, history=chosen.history.with_rate(RateChange(3, 1.0)))
        assert run_outcome(chosen, EN).endswith(EN.runs.try_slower)

    def test_every_optimizer_has_its_usual_rate(self):
        """One more would have no remedy."""
        (setting,) = [setting for setting in SETTINGS if setting.name == "optimizer"]
        assert set(setting.choices) == set(USUAL_RATES)


class TestChoiceLabels:
    def test_runs_of_one_label_are_told_apart(self):
        """By their dates, and by a number where they ended in the same minute."""
        runs = [make_run(folder=Path(name)) for name in "ab"]
        later = make_run(folder=Path("c"), created="2026-01-03T03:04:05.678+00:00")
        labels = choice_labels([*runs, later], EN)
        assert list(labels) == ["a", "b", "c"]
        assert len(set(labels.values())) == 3
        assert labels["a"].startswith(f"{run_label(runs[0], EN)} · ")
        assert labels["b"] == f"{labels['a']} (2)"

    def test_label_that_nobody_shares_is_the_runs_own(self):
        """No date where it helps nobody."""
        run, other = make_run(name="Ana"), make_run(folder=Path("b"), name="Luis")
        assert choice_labels([run, other], EN)[run.id] == run_label(run, EN)

    def test_name_that_looks_like_a_numbered_one_is_numbered_too(self):
        """Somebody may call a run as the list would call another."""
        run = make_run()
        date = run_date(run, EN)
        names = tell_apart(["A", "A", f"A · {date} (2)", f"A · {date}"], [run] * 4, EN)
        assert len(set(names)) == 4

    def test_other_images_are_marked_in_the_list(self):
        """So that nobody takes their accuracy for one of MNIST's test."""
        run = make_run(dataset=DIGITS)
        assert "other images, not MNIST: 90.0%" in choice_labels([run], EN)[run.id]


class TestDate:
    @pytest.fixture
    def time_zone(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        """A computer two hours east of Greenwich."""
        monkeypatch.setenv("TZ", "XYZ-2")
        time.tzset()
        yield
        monkeypatch.undo()
        time.tzset()

    @pytest.mark.skipif(not hasattr(time, "tzset"), reason="Windows takes its time zone from elsewhere")
    @pytest.mark.usefixtures("time_zone")
    def test_date_is_the_computers(self):
        """23:30 in UTC is half past one on the next day there."""
        run = make_run(folder=Path("x"), created="2026-01-02T23:30:00.000+00:00")
        assert run_date(run, EN) == "03 Jan 2026, 01:30"
        assert run_date(run, ES) == "03/01/2026, 01:30"
        assert (
            run_date(replace(run, uploaded=True), ES)
            == "03/01/2026, 01:30 (subida, con cifras no medidas aquí)"
        )


class TestRemedy:
    def test_it_names_what_has_to_be_changed(self):
        """In short words; that all images are wanted again, too, though no number stands for all."""
        few = RunConfig(train_images=100, learning_rate=0.1)
        assert remedy_label(few, replace(few, learning_rate=0.001), EN) == "learning rate 0.001"
        assert remedy_label(few, replace(few, train_images=None), EN) == "all training images"
        assert remedy_label(few, RunConfig(), ES).endswith("todas las imágenes de entrenamiento")


class TestOwnersName:
    def test_it_stands_before_the_name_of_the_run(self):
        """Everywhere a run is named; the teacher, who has none, sees what was there before."""
        hers = make_run(folder=Path("x"), name="Try 1", owner=Owner("ana", "Group 3"))
        assert run_name(hers, EN) == "Group 3 · Try 1"
        assert run_label(hers, EN).startswith("90.0% · Group 3 · Try 1")
        assert run_title(hers, EN) == "Try 1"
        assert run_name(replace(hers, owner=Owner("ana")), EN) == "Try 1"

    def test_upload_says_so_wherever_it_is_named(self):
        """A network that claims to be another has not the other's label."""
        real = make_run(folder=Path("x"), name="The robust network")
        for claimed in (replace(real, uploaded=True), replace(real, uploaded=True, is_measured_here=True)):
            assert "uploaded" in run_label(claimed, EN)
            assert "uploaded" in run_date(claimed, EN)

    def test_upload_claims_no_accuracy(self):
        """Its validation was seen by nobody here."""
        claimed = make_run(name="Best of all", uploaded=True, is_measured_here=True)
        assert run_label(claimed, EN) == "Best of all · uploaded"


class TestOfferedRuns:
    def test_long_list_is_cut_and_keeps_what_matters(self):
        """What came with the app, the one in use, one's own, then the newest of the others, in order."""
        ana = Owner("ana", "Ana")
        runs = [make_run(folder=Path(str(number))) for number in range(100)]
        runs[90] = replace(runs[90], owner=ana)
        runs[99] = replace(runs[99], pretrained=True)
        offered = offered_runs(runs, ana, {"80"})
        assert [run.id for run in offered] == [*map(str, range(22)), "80", "90", "99"]

    def test_short_list_is_whole(self):
        """As it was."""
        runs = [make_run(folder=Path(str(number))) for number in range(25)]
        assert offered_runs(runs, Owner("ana")) == runs
