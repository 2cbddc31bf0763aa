"""The recruiter register in the database: imports of official lists, and checks against them."""

from store.register.checking import RegisterCache, RegisterIndex, current_import_id
from store.register.importing import (
    ImportReport,
    demo_file,
    import_demo,
    import_file,
)

__all__ = [
    "ImportReport",
    "RegisterCache",
    "RegisterIndex",
    "current_import_id",
    "demo_file",
    "import_demo",
    "import_file",
]
