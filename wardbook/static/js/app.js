// Everything the pages do beyond links and forms. Each module works on its own and on what htmx swaps in.
import "./focus-announce.js";
import "./trouble.js";
import "./session.js";
import "./forms.js";
import "./keys.js";
import "./dialog.js";
import "./menu.js";
import "./toast.js";
import "./combobox.js";
import "./day.js";
import "./drafts.js";
import "./composer.js";
import "./upload.js";
import "./list.js";
import "./rows.js";
import "./quick-log.js";
import "./poll.js";
