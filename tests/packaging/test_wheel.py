"""What `make wheel` builds holds everything, and runs from anywhere."""

from __future__ import annotations

import configparser
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from tests.helpers.data import REPOSITORY

pytestmark = pytest.mark.xdist_group("wheel")  # built once, for one worker


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with an sdist and the wheel made from that sdist."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, REPOSITORY)
    return folder


@pytest.fixture
def wheel(built: Path) -> Path:
    [path] = built.glob("*.whl")
    return path


@pytest.fixture
def installed(wheel: Path, tmp_path: Path) -> Path:
    """The scripts folder of a venv with the wheel; the dependencies are those of this one."""
    root = tmp_path / "venv"
    venv.create(root, symlinks=True)
    paths = sysconfig.get_paths("venv", vars={"base": str(root), "platbase": str(root)})
    scripts, packages = Path(paths["scripts"]), Path(paths["purelib"])
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python")
    run(*pip, scripts / "python", "install", "--no-deps", "--no-index", "--force-reinstall", wheel)
    return scripts


def run(*command: str | Path, cwd: Path | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_wheel_holds_package_resources_and_types(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"scrubber/__init__.py", "scrubber/py.typed"} <= names
    resources = {
        f"scrubber/_resources/{path.relative_to(REPOSITORY / 'resources').as_posix()}"
        for path in (REPOSITORY / "resources").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert resources
    assert resources <= names
    assert not [name for name in names if not name.startswith("scrubber")], "nothing else"


def test_wheel_names_its_entry_points_and_licence(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    [entry_points] = [name for name in archive.namelist() if name.endswith("/entry_points.txt")]
    assert [name for name in archive.namelist() if name.endswith("/licenses/LICENSE")]
    parsed = configparser.ConfigParser()
    parsed.read_string(archive.read(entry_points).decode())
    assert parsed["console_scripts"]["scrubber"] == "scrubber.cli:main"
    assert parsed["gui_scripts"]["scrubber-gui"] == "scrubber.app:main"


def test_sdist_can_be_tested_and_built_again(built: Path) -> None:
    [sdist] = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        "Makefile", "LICENSE", "pyproject.toml", "packaging/constraints.txt", "tests/conftest.py",
    } <= names  # fmt: skip


def test_installed_wheel_runs_from_anywhere(installed: Path, tmp_path: Path) -> None:
    where = "import scrubber, scrubber.resources as r; print(scrubber.__file__, r.resource_path())"
    package, resources = run(installed / "python", "-c", where, cwd=tmp_path).split()
    assert Path(package).is_relative_to(tmp_path)
    assert Path(resources).is_relative_to(tmp_path)
    assert run(installed / "scrubber", "--version", cwd=tmp_path).startswith("scrubber ")
