// Everything the pages do beyond links and forms. Each module works on its own and on what htmx swaps in.
import "./focus-announce.js";
import "./trouble.js";
import "./session.js";
import "./forms.js";
import { pressEarlyKeys } from "./keys.js";
import "./dialog.js";
import "./menu.js";
import "./toast.js";
import "./combobox.js";
import "./combobox-select.js";
import "./day.js";
import "./drafts.js";
import "./composer.js";
import "./mentions.js";
import "./upload.js";
import "./waiting-files.js";
import "./list.js";
import "./rows.js";
import "./quick-log.js";
import "./email.js";
import "./inbox.js";
import "./letter.js";
import "./poll.js";
import "./printing.js";

pressEarlyKeys();
