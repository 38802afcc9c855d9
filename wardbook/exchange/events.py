"""What can happen to an import and to what it makes on the way. What happens to its cases stands in cases.events."""

STARTED = "import.started"  # An import made its first case. kind, sha256 (of the file)
FINISHED = "import.finished"  # It came to the end of its file. read, made, known, refused
TAKEN_BACK = "import.taken_back"  # What nobody had touched was removed. cases, people, values, stayed

ASKED = "import.asked"  # A worker was asked to check a file, bring it in or take it back. kind, step
MATCHED = "import.matched"  # A person said which column of a file goes where. fields
PEOPLE_CHOSEN = "import.people_chosen"  # A person said which people of a file are contacts we have. general, attached
STOPPED = "import.stopped"  # A person stopped a worker at it; what came in so far stays. step, done
GIVEN_UP = "import.given_up"  # A file was removed before it came in. step

CONTACT_TAKEN_BACK = "contact.import_taken_back"  # A person that an import had made was removed with it. batch
VALUE_TAKEN_BACK = "value.import_taken_back"  # A value, ward or team that an import had made was removed. batch
WARD_ADDED = "ward.added"  # An import made a ward.
