"""The files that say what is installed agree with each other."""

from __future__ import annotations

import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tests.mnist import REPOSITORY


def requirements_of(name: str) -> list[Requirement]:
    """Read the packages of a requirements file, without what it includes."""
    lines = (REPOSITORY / name).read_text(encoding="utf-8").splitlines()
    packages = [line.partition("#")[0].strip() for line in lines if not line.startswith(("#", "-"))]
    return [Requirement(package) for package in packages if package]


def pinned() -> dict[str, str]:
    """The version of each package in the constraints."""
    pins = {}
    for requirement in requirements_of("constraints.txt"):
        (pin,) = requirement.specifier
        assert pin.operator == "==", requirement
        pins[requirement.name.lower()] = pin.version
    return pins


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_tested_versions_are_among_those_that_are_asked_for(name: str):
    """Whoever raises a bound has to renew the constraints, and to run the tests with them."""
    pins = pinned()
    for requirement in requirements_of(name):
        version = pins.get(requirement.name.lower())
        assert version, f"{requirement.name} has no version in constraints.txt: run make constraints"
        assert requirement.specifier.contains(version), f"{requirement}, but {version} in constraints.txt"


def test_makefile_and_project_ask_for_the_same_pythons():
    """What make constraints asks each of them, and what pip is told."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = SpecifierSet(project["requires-python"])
    pythons = [f"3.{minor}" for minor in range(30) if f"3.{minor}" in asked]
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    assert f"for version in {' '.join(pythons)}; do" in makefile
    assert (
        f"({pythons[0].replace('.', ', ')}) <= sys.version_info[:2] <= ({pythons[-1].replace('.', ', ')})"
        in makefile
    )
