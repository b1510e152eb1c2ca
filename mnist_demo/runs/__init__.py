"""What a run is, and the folder in which runs are kept."""

from mnist_demo.runs.comparison import (
    comparable_runs,
    differing_settings,
    first_choice,
    group_by_test,
    overfitting_epoch,
    run_figures,
)
from mnist_demo.runs.config import (
    BATCH_SIZES,
    SETTINGS,
    RunConfig,
    count_training_images,
    run_identity,
    steps_per_epoch,
)
from mnist_demo.runs.files import MODEL_FILE
from mnist_demo.runs.labels import (
    brief_settings,
    check_setting_words,
    choice_labels,
    config_summary,
    digit_name,
    folded_changes,
    run_date,
    run_label,
    run_name,
    run_outcome,
    setting_value,
    status_label,
    tell_apart,
)
from mnist_demo.runs.markdown import escape_markdown
from mnist_demo.runs.names import MAX_NAME_LENGTH
from mnist_demo.runs.run import (
    NOTEBOOK_RUN,
    ROBUST_RUN,
    EpochRecord,
    History,
    Run,
    RunStatus,
    StepRecord,
    pretrained_runs,
)
from mnist_demo.runs.setting import Choice, Layers, Number, Setting, Switch
from mnist_demo.runs.store import RunStore, finished_runs
from mnist_demo.runs.upload import UPLOAD_MEGABYTES, keep_upload, pack_run

__all__ = [
    "BATCH_SIZES",
    "MAX_NAME_LENGTH",
    "MODEL_FILE",
    "NOTEBOOK_RUN",
    "ROBUST_RUN",
    "SETTINGS",
    "UPLOAD_MEGABYTES",
    "Choice",
    "EpochRecord",
    "History",
    "Layers",
    "Number",
    "Run",
    "RunConfig",
    "RunStatus",
    "RunStore",
    "Setting",
    "StepRecord",
    "Switch",
    "brief_settings",
    "check_setting_words",
    "choice_labels",
    "comparable_runs",
    "config_summary",
    "count_training_images",
    "differing_settings",
    "digit_name",
    "escape_markdown",
    "finished_runs",
    "first_choice",
    "folded_changes",
    "group_by_test",
    "keep_upload",
    "overfitting_epoch",
    "pack_run",
    "pretrained_runs",
    "run_date",
    "run_figures",
    "run_identity",
    "run_label",
    "run_name",
    "run_outcome",
    "setting_value",
    "status_label",
    "steps_per_epoch",
    "tell_apart",
]
