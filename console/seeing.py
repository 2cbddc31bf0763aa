"""The pages that show rather than work: figures, map, network, exports, register and knowledge."""

from fastapi import APIRouter

from console import (
    exports,
    figures,
    knowledge,
    knowledge_edit,
    map,
    network,
    personal_export,
    register,
    register_disputes,
)

router = APIRouter()
for part in (
    figures, map, network, exports, personal_export, register, register_disputes, knowledge,
    knowledge_edit,
):  # fmt: skip
    router.include_router(part.router)
