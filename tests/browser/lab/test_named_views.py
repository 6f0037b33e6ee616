"""A view that is saved in the page is one of Python's, and the other way round."""

import json

from playwright.sync_api import Page, expect

from tests.browser.driver.ensemble_notebook import opened
from tests.browser.driver.jupyter import Lab


def test_a_view_is_saved_and_deleted_from_the_page(lab: Lab, page: Page) -> None:
    def saved() -> list[str]:
        names: list[str] = json.loads(
            lab.ask("import json; print(json.dumps(explorer.saved_views))")
        )
        return names

    with opened(lab, page) as view:
        view.control("views").click()
        view.root.get_by_label("Name of this view").fill("from the page")
        page.keyboard.press("Enter")
        said = view.root.locator(".menu:visible [aria-live]")
        expect(said).to_have_text("Saved.")
        assert "from the page" in saved()
        expect(view.control("copy-link")).to_be_hidden()
        row = view.control("restore-view").get_by_text("from the page")
        row.click()
        expect(said).to_have_text("Restored.")
        view.root.get_by_role("button", name="Delete from the page").click()
        expect(said).to_have_text("Deleted.")
        assert "from the page" not in saved()
