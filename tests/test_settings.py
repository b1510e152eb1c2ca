from pathlib import Path

import pytest

from mnist_demo.errors import InvalidSetting
from mnist_demo.network.mlp import PRETRAINED_RUNS
from mnist_demo.settings import Settings, count_trainers, total_memory
from mnist_demo.texts.loading import languages, message


def test_named_places_are_used():
    """Each variable has its setting."""
    settings = Settings.from_environment({"MNIST_DEMO_HOME": "/a/runs", "MNIST_DEMO_DATA": "/b/mnist.npz"})
    assert (settings.home, settings.data) == (Path("/a/runs"), Path("/b/mnist.npz"))


@pytest.mark.parametrize("environment", [{}, {"MNIST_DEMO_HOME": "", "MNIST_DEMO_DATA": ""}])
def test_empty_variable_counts_as_unset(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    """Runs go to the user's data folder, and the images are those inside."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    settings = Settings.from_environment(environment)
    assert settings.data is None
    assert settings.home.name == "mnist-demo"
    assert settings.home.is_absolute()


def test_tilde_is_the_home_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """A variable set in a file of settings is not expanded by a shell."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    settings = Settings.from_environment({"MNIST_DEMO_HOME": "~/runs", "MNIST_DEMO_DATA": "~/mnist.npz"})
    assert (settings.home, settings.data) == (tmp_path / "runs", tmp_path / "mnist.npz")


def test_relative_path_starts_where_the_program_was_started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Server and trainer may work in different folders and have to mean the same one."""
    monkeypatch.chdir(tmp_path)
    settings = Settings.from_environment({"MNIST_DEMO_HOME": "runs", "MNIST_DEMO_DATA": "mnist.npz"})
    monkeypatch.chdir("/")
    assert settings.home == tmp_path / "runs"
    assert settings.data == tmp_path / "mnist.npz"


def test_environment_of_the_process_is_the_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Without an argument the real variables are read, as they are at the time."""
    monkeypatch.setenv("MNIST_DEMO_HOME", str(tmp_path))
    assert Settings.from_environment().home == tmp_path


def test_settings_are_frozen():
    """Nobody changes them while the app runs."""
    settings = Settings.from_environment({})
    with pytest.raises(AttributeError):
        settings.home = Path("/elsewhere")


def test_shipped_runs_come_with_the_package():
    """The notebook's run lies in the package."""
    assert (PRETRAINED_RUNS / "notebook" / "weights.npz").is_file()


BOUNDS = {
    "MNIST_DEMO_TRAINERS": "trainers",
    "MNIST_DEMO_MAX_WAITING": "max_waiting",
    "MNIST_DEMO_MAX_RUNS": "max_runs",
    "MNIST_DEMO_MAX_RUNS_GB": "max_runs_gigabytes",
}


@pytest.mark.parametrize(("variable", "name"), BOUNDS.items())
def test_number_is_read(variable: str, name: str):
    """An empty variable counts as unset."""
    assert getattr(Settings.from_environment({variable: " 3 "}), name) == 3
    assert getattr(Settings.from_environment({variable: ""}), name) >= 1


@pytest.mark.parametrize("variable", BOUNDS)
@pytest.mark.parametrize("value", ["0", "-1", "many", "1.5", "\N{SUPERSCRIPT TWO}", "9" * 12])
def test_number_that_makes_no_sense_is_told(variable: str, value: str):
    """With the variable's name and what it may be, before anything starts."""
    with pytest.raises(InvalidSetting) as problem:
        Settings.from_environment({variable: value})
    for language in languages():
        assert variable in message(problem.value, language)


@pytest.mark.parametrize(
    ("cores", "gigabytes", "trainers"),
    [(1, 1, 1), (2, 24, 1), (4, 24, 1), (8, 24, 2), (8, 2, 1), (16, 4, 3), (512, 2048, 64), (16, 0, 1)],
)
def test_default_is_one_trainer_for_four_cores_as_far_as_there_is_memory(
    cores: int, gigabytes: int, trainers: int
):
    """At least one, also where nobody knows."""
    assert count_trainers(cores, gigabytes * 1000**3) == trainers


def test_memory_of_this_computer_is_known():
    """What the system tells of it, at least a gigabyte."""
    assert total_memory() > 1000**3


def test_hosts_and_sites_are_lists():
    """With commas or blanks between the names."""
    settings = Settings.from_environment(
        {"MNIST_DEMO_HOSTS": "a.example, b.example", "MNIST_DEMO_EMBED": "https://c.example"}
    )
    assert settings.hosts == ("a.example", "b.example")
    assert settings.embed == ("https://c.example",)


def test_key_is_not_shown():
    """Settings may stand in a log."""
    settings = Settings.from_environment({"MNIST_DEMO_TEACHER_KEY": " secret "})
    assert settings.teacher_key == "secret"
    assert "secret" not in repr(settings)
