"""The entries of a catalogue of words, as frozen dataclasses: what a language has, no more, no less."""

from __future__ import annotations

import math
from dataclasses import dataclass

NO_BREAK_SPACE = "\u00a0"
NO_NUMBER = "–"


@dataclass(frozen=True)
class AppTexts:
    """The frame of all pages."""

    title: str
    tagline: str
    main_page: str
    runs_page: str
    language: str
    no_run: str


@dataclass(frozen=True)
class NumberTexts:
    """How a language writes numbers: its marks, and from which number on it groups thousands."""

    decimal: str
    thousands: str
    thousands_from: str
    percent_form: str

    def number(self, value: float, digits: int) -> str:
        """Write a number with so many digits after the decimal mark; a dash for one that has overflowed."""
        if not math.isfinite(value):
            return NO_NUMBER
        grouped = round(abs(value), digits) >= float(self.thousands_from)
        return self._localised(f"{value:{',' if grouped else ''}.{digits}f}")

    def whole(self, value: float) -> str:
        """Write a whole number."""
        return self.number(value, 0)

    def shortest(self, value: float) -> str:
        """Write a number such as 0.0001 with as few digits as it has."""
        return self._localised(f"{value:.10f}".rstrip("0").rstrip("."))

    def percent(self, share: float, digits: int = 1) -> str:
        """Write a share from 0 to 1 as per cent; 100 stands only for what is exactly that."""
        shown = round(100 * share, digits)
        smallest = 10**-digits
        if shown == 100 and share < 1:
            shown = 100 - smallest
        return self.percent_form.format(number=self.number(shown, digits)).replace(" ", NO_BREAK_SPACE)

    def chance(self, probability: float, digits: int = 1) -> str:
        """Write a probability that softmax gives: it is never certain, even where float32 rounds it to 1."""
        return self.percent(min(probability, 1 - 1e-9), digits)

    def _localised(self, text: str) -> str:
        return text.translate(str.maketrans({".": self.decimal, ",": self.thousands}))


@dataclass(frozen=True)
class DrawingTexts:
    """The drawing panel."""

    title: str
    here: str
    network: str
    network_help: str
    follow: str
    follow_help: str
    follow_waits: str
    follow_epoch: str
    invitation: str
    undo: str
    clear: str
    pen: str
    pen_help: str
    samples: str
    seen: str
    digits: str
    sure: str
    probable: str
    unsure: str
    overflown: str


@dataclass(frozen=True)
class CloserTexts:
    """A closer look at one drawing."""

    title: str
    way: str
    why: str
    alike: str
    canvas: str
    crop: str
    box: str
    frame: str
    unframed: str
    heat: str
    neurons: str
    alike_note: str


@dataclass(frozen=True)
class SettingsTexts:
    """The sidebar."""

    title: str
    epochs: str
    epochs_help: str
    batch_size: str
    batch_size_help: str
    more: str
    learning_rate: str
    learning_rate_help: str
    validation_split: str
    validation_split_help: str
    hidden_1: str
    hidden_2: str
    hidden_help: str
    optimizer: str
    optimizer_help: str
    seed: str
    seed_help: str
    defaults: str
    train: str
    stop: str
    queued: str
    waits: str
    leave_queue: str
    offer: str
    use_it: str
    train_again: str


@dataclass(frozen=True)
class TrainingTexts:
    """The training panel."""

    title: str
    preparing: str
    compiling: str
    stopping: str
    training: str
    detail: str


@dataclass(frozen=True)
class WorkerTexts:
    """How the trainer is."""

    warming: str
    downloading: str


@dataclass(frozen=True)
class DataTexts:
    """Where the images come from; one entry for each `data.Source`."""

    mnist_demo_data: str
    keras_cache: str
    download: str
    offline_digits: str
    not_mnist_file: str
    counts: str
    not_mnist: str
    how_to_provide: str


@dataclass(frozen=True)
class RunTexts:
    """Trained runs and their list."""

    title: str
    kept_in: str
    shipped_name: str
    epochs_and_batch: str
    one_epoch_and_batch: str
    hidden: str
    learning_rate: str
    validation_split: str
    train_images: str
    seed: str
    finished: str
    stopped: str
    failed: str
    outcome: str
    outcome_not_mnist: str
    not_mnist_accuracy: str
    not_mnist: str
    other_than_mnist: str
    date_form: str
    in_use: str
    use: str
    rename: str
    new_name: str
    delete: str
    delete_question: str
    delete_yes: str
    other_images: str
    other_images_note: str


@dataclass(frozen=True)
class ChartTexts:
    """Words on charts."""

    loss_title: str
    accuracy_title: str
    probability_title: str
    epochs_axis: str
    training: str
    validation: str
    within_epoch: str
    curve_alt: str


@dataclass(frozen=True)
class LessonTexts:
    """Titles of the lessons."""

    data: str
    one_hot: str
    layers: str
    compile: str
    epochs: str
    batch_size: str
    validation_split: str
    evaluation: str
    accuracy: str
    framing: str
    probabilities: str
    why: str


@dataclass(frozen=True)
class ProblemTexts:
    """One sentence for each problem of `errors`: what was wrong and what to do."""

    empty_drawing: str
    dataset_missing: str
    dataset_unreadable: str
    dataset_not_npz: str
    dataset_not_array: str
    dataset_damaged: str
    dataset_missing_key: str
    dataset_wrong_shape: str
    dataset_wrong_magic: str
    dataset_truncated: str
    dataset_too_long: str
    dataset_wrong_labels: str
    download_failed: str
    download_altered: str
    download_stalled: str
    download_too_slow: str
    config_range: str
    config_choice: str
    config_settings: str
    run_unknown: str
    run_shipped: str
    run_unreadable: str
    run_missing_file: str
    run_wrong_shape: str
    run_foreign: str
    trainer_died: str
    trainer_died_early: str
    trainer_restarts: str
    trainer_broken: str
    run_not_kept: str
    run_newer: str
    run_locked: str


@dataclass(frozen=True)
class CompareTexts:
    """The page that compares runs."""

    page: str
    title: str
    choose: str
    choose_one: str
    measure: str
    loss: str
    accuracy: str
    with_training: str
    how_to_read: str
    differs: str
    same: str
    hidden: str
    train_images: str
    yes: str
    no: str
    turned: str
    turned_at: str
    mnist_test: str
    other_test: str
    other_test_note: str
    run: str
    epochs: str
    test_accuracy: str
    test_loss: str
    best_val_loss: str
    seconds: str
    turn: str
    table_alt: str
    sort_note: str
    curves_alt: str
    curve_alt: str
    experiments: str
    start: str
    stop: str
    show: str
    to_train: str
    trained: str
    all_trained: str
    in_training: str
    queued: str


@dataclass(frozen=True)
class ExperimentTexts:
    """For each experiment its title, and what there is to see when it is done."""

    batch_size: str
    batch_size_seen: str
    learning_rate: str
    learning_rate_seen: str
    neurons: str
    neurons_seen: str
    train_images: str
    train_images_seen: str


@dataclass(frozen=True)
class Texts:
    """A whole catalogue; `code` is the language's."""

    language_name: str
    code: str
    app: AppTexts
    numbers: NumberTexts
    drawing: DrawingTexts
    closer: CloserTexts
    settings: SettingsTexts
    training: TrainingTexts
    worker: WorkerTexts
    data: DataTexts
    runs: RunTexts
    charts: ChartTexts
    lessons: LessonTexts
    compare: CompareTexts
    experiments: ExperimentTexts
    problems: ProblemTexts
