"""Excel workbooks, whose first sheet is read as if it had been saved as CSV."""
