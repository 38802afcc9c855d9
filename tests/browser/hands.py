"""A person at the machine, counted as ux.md 1 counts: a press, a key chord, or a filled field is one interaction."""

from contextlib import contextmanager

from playwright.sync_api import expect

NOT_COVERED = """element => {
  const box = element.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return top !== null && (element.contains(top) || top.contains(element));
}"""


class Hands:
    """What a person does. Looking and waiting cost nothing."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def press(self, key):
        self.count += 1
        self.page.wait_for_load_state()
        self.page.keyboard.press(key)

    def fill(self, text):
        """Type into the field that has the focus."""
        self.count += 1
        self.page.keyboard.type(text)

    def fill_in(self, field, text):
        """Go to a field and fill it: one, for a filled field is one however it was reached."""
        self.count += 1
        field.fill(text)

    def choose(self, field, option):
        """Pick in a list."""
        self.count += 1
        field.select_option(label=option)

    def click(self, what):
        self.count += 1
        what.click()

    @contextmanager
    def at_most(self, budget, what):
        """What is done inside stays within its budget."""
        before = self.count
        yield
        assert self.count - before <= budget, f"{what}: {self.count - before} interactions, {budget} allowed."

    def see(self, text):
        self.page.get_by_text(text).first.wait_for()

    def told(self, text):
        """A message says so."""
        self.page.locator("#toasts").get_by_text(text).first.wait_for()

    def find(self, name):
        self.page.locator("[role=option]:not(.combo__option--add)", has_text=name).first.wait_for()

    def has_focus_in(self, label):
        self.page.wait_for_function(
            "label => (document.activeElement.labels?.[0]?.textContent.trim() ?? '').startsWith(label)", arg=label
        )

    def is_on(self, what):
        """The focus is on it, and it can be seen: nothing that stays in view lies over it."""
        expect(what).to_be_focused()
        assert what.evaluate(NOT_COVERED), "What has the focus is covered."
