"""What the accessibility checker finds on a page, in light and in dark."""

from __future__ import annotations

from playwright.sync_api import Page

_FIRST = 120  # letters of the element's own words


def barriers(page: Page, axe: str) -> list[str]:
    """Give what axe finds on the page that is open."""
    page.evaluate(axe)  # not as an inline script: our own policy would refuse that
    found = []
    for scheme in ("dark", "light"):
        # Without motion: a colour that is still fading would be measured half-way.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for one in page.evaluate("axe.run()")["violations"]:
            found.append(f"{scheme}: {one['id']}: {one['nodes'][0]['html'][:_FIRST]}")
    return found
