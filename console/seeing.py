"""The pages that show rather than work: figures, map, network, exports, register and knowledge."""

from fastapi import APIRouter

from console import exports, figures, knowledge, map, network, register

router = APIRouter()
for part in (figures, map, network, exports, register, knowledge):
    router.include_router(part.router)
