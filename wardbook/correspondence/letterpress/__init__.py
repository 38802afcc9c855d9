"""Letters as PDF: tagged (PDF/UA-1), on the office's letterhead, in milliseconds. Pure: knows no database."""

from wardbook.correspondence.letterpress.press import Sheet, Unprintable, pictures, render

__all__ = ["Sheet", "Unprintable", "pictures", "render"]
