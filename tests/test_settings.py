from pathlib import Path

import pytest

from mnist_demo.network.mlp import PRETRAINED_RUNS
from mnist_demo.settings import Settings


def test_named_places_are_used():
    """Each variable has its setting."""
    settings = Settings.from_environment({"MNIST_DEMO_HOME": "/a/runs", "MNIST_DEMO_DATA": "/b/mnist.npz"})
    assert settings == Settings(Path("/a/runs"), Path("/b/mnist.npz"))


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
    assert settings == Settings(tmp_path / "runs", tmp_path / "mnist.npz")


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
