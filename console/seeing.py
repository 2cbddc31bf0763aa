"""The pages that show rather than work: figures, map, exports, log, register, knowledge."""

from fastapi import APIRouter

from console import (
    exports,
    figures,
    knowledge,
    knowledge_edit,
    log,
    map,
    network,
    personal_export,
    register,
    register_disputes,
)

router = APIRouter()
for part in (
    figures, map, network, exports, personal_export, register, register_disputes, knowledge,
    knowledge_edit, log,
):  # fmt: skip
    router.include_router(part.router)
