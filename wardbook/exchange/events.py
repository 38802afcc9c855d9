"""What can happen to an import and to what it brings in."""

STARTED = "import.started"
FINISHED = "import.finished"
TAKEN_BACK = "import.taken_back"

CASE_IMPORTED = "case.imported"
CASE_TAKEN_BACK = "case.taken_back"
CONTACT_TAKEN_BACK = "contact.taken_back"
VALUE_TAKEN_BACK = "value.taken_back"
WARD_ADDED = "ward.added"
