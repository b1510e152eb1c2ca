"""The entries of a catalogue of words, as frozen dataclasses: what a language has, no more, no less."""

from __future__ import annotations

from dataclasses import dataclass

from mnist_demo.texts.numbers import NumberTexts


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
class ExploreTexts:
    """How the other pages are found on a phone, and what each is for, by the last part of its address."""

    menu: str
    menu_and_settings: str
    settings: str
    title: str
    data: str
    inside: str
    evaluation: str
    compare: str
    lab: str
    runs: str


@dataclass(frozen=True)
class DrawingTexts:
    """The drawing panel."""

    title: str
    network: str
    network_help: str
    new_network: str
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
    abstaining: str
    switch: str
    overflown: str


@dataclass(frozen=True)
class CloserTexts:
    """A closer look at one drawing."""

    title: str
    way: str
    why: str
    beside: str
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
    augment: str
    augment_help: str
    augment_sample: str
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
    notebook_name: str
    robust_name: str
    epochs_and_batch: str
    one_epoch_and_batch: str
    hidden: str
    learning_rate: str
    validation_split: str
    augmented: str
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
class TakeHomeTexts:
    """What is taken home from the page, and brought back."""

    open: str
    model: str
    no_model: str
    no_model_uploaded: str
    history: str
    report: str
    notebook: str
    whole: str
    drawing: str
    drawing_help: str
    bring: str
    choose_file: str
    bring_note: str
    brought: str
    uploaded: str


@dataclass(frozen=True)
class ReportTexts:
    """The report of a run."""

    title: str
    curves: str
    settings: str
    epoch_by_epoch: str
    test_accuracy: str
    test_loss: str
    epochs_trained: str
    duration: str
    images: str
    images_mnist: str
    images_other: str
    epoch: str
    loss: str
    accuracy: str
    val_loss: str
    val_accuracy: str
    seconds: str
    weights: str
    weights_note: str
    trained: str
    uploaded: str


@dataclass(frozen=True)
class NotebookTexts:
    """The notebook of a run."""

    intro: str
    settings: str
    data: str
    data_mnist: str
    data_digits: str
    data_other: str
    same_images: str
    preparation: str
    fewer: str
    network: str
    network_note: str
    augmentation: str
    augmentation_note: str
    augmentation_seed: str
    training: str
    training_note: str
    cosine: str
    stopped: str
    comparison: str
    comparison_note: str
    saving: str
    epoch: str
    here: str
    there: str
    test_accuracy: str


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
class EvaluationTexts:
    """The page that evaluates a run."""

    page: str
    title: str
    network: str
    network_help: str
    accuracy: str
    loss: str
    mistakes: str
    overflown: str
    mnist: str
    digits8x8: str
    other: str
    not_mnist: str
    another_test: str
    different_images: str
    matrix: str
    matrix_note: str
    cells_show: str
    counts: str
    shares: str
    matrix_counts: str
    matrix_shares: str
    matrix_alt: str
    confusion: str
    no_confusion: str
    said_axis: str
    digit_axis: str
    cell_hover: str
    choose_digit: str
    choose_said: str
    cell_right: str
    cell_wrong: str
    cell_empty: str
    least_confident_first: str
    most_confident_first: str
    gallery: str
    gallery_note: str
    gallery_caption: str
    gallery_empty: str
    by_digit: str
    by_digit_title: str
    by_digit_note: str
    recall: str
    precision: str
    digit_alt: str
    reliability: str
    reliability_title: str
    reliability_note: str
    calibration_error: str
    calibrated: str
    as_right_as_sure: str
    this_network: str
    confidence_axis: str
    accuracy_axis: str
    bin_words: str


@dataclass(frozen=True)
class LabTexts:
    """The laboratory: a picture and a network that are damaged on purpose."""

    page: str
    title: str
    nothing_drawn: str
    picture_title: str
    picture_lesson: str
    right: str
    down: str
    degrees: str
    thickness: str
    noise: str
    seed: str
    reframe: str
    reframe_help: str
    undo: str
    read: str
    recentered: str
    same: str
    flipped: str
    maps: str
    map_shift: str
    map_turn: str
    map_noise: str
    map_title: str
    map_kept: str
    map_key: str
    map_alt: str
    network_title: str
    network_lesson: str
    perturbations: str
    ablate: str
    weight_noise: str
    layer: str
    hidden_layer: str
    output_layer: str
    ablated: str
    noisy: str
    accuracy: str
    guessing: str
    curve_title: str
    curve_alt: str
    undamaged: str
    outcome: str
    answer: str
    digits8x8: str
    other_images: str


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
class DataPageTexts:
    """The page of the images."""

    page: str
    title: str
    digit: str
    none: str
    sample: str
    samples: str
    more: str
    shown: str
    put: str
    one_hot: str
    one_hot_alt: str
    numbers: str
    scale: str
    raw: str
    scaled: str
    numbers_alt: str
    means: str
    mean: str
    split: str
    split_note: str
    training: str
    training_use: str
    validation: str
    validation_use: str
    test: str
    test_use: str
    counts: str


@dataclass(frozen=True)
class InsideTexts:
    """The page of what goes on inside a network."""

    page: str
    title: str
    epoch: str
    epoch_help: str
    no_checkpoints: str
    one_epoch: str
    way: str
    way_sample: str
    way_note: str
    drawing: str
    sample: str
    layer: str
    answer: str
    alt_answer: str
    alt_first: str
    alt_second: str
    alt_for: str
    alt_against: str
    neurons: str
    neurons_note: str
    neuron: str
    all: str
    rank: str
    answers: str
    silent: str
    weights: str
    excites: str
    among: str
    other_images: str
    dead: str


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
    home_unusable: str
    config_range: str
    config_choice: str
    config_settings: str
    upload_no_zip: str
    upload_too_large: str
    upload_members: str
    upload_member_too_large: str
    upload_damaged: str
    upload_not_finite: str
    upload_newer: str
    upload_not_kept: str
    upload_no_room: str
    run_unknown: str
    run_pretrained: str
    run_unreadable: str
    run_missing_file: str
    run_wrong_shape: str
    run_foreign: str
    trainer_died: str
    trainer_died_early: str
    trainer_restarts: str
    trainer_broken: str
    run_not_readable: str
    trainer_hung: str
    run_not_kept: str
    run_newer: str
    run_locked: str
    checkpoints_unreadable: str


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
    schedule: str
    constant: str
    cosine: str
    yes: str
    no: str
    overfitted: str
    overfitted_at: str
    mnist_test: str
    other_test: str
    other_test_note: str
    run: str
    epochs: str
    test_accuracy: str
    test_loss: str
    best_val_loss: str
    seconds: str
    overfitting_epoch: str
    no_overfitting: str
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
    explore: ExploreTexts
    numbers: NumberTexts
    drawing: DrawingTexts
    closer: CloserTexts
    settings: SettingsTexts
    training: TrainingTexts
    worker: WorkerTexts
    data: DataTexts
    data_page: DataPageTexts
    inside: InsideTexts
    runs: RunTexts
    take_home: TakeHomeTexts
    report: ReportTexts
    notebook: NotebookTexts
    charts: ChartTexts
    evaluation: EvaluationTexts
    lab: LabTexts
    lessons: LessonTexts
    compare: CompareTexts
    experiments: ExperimentTexts
    problems: ProblemTexts
