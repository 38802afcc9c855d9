"""A workbook as Excel writes one, as small as a test needs it."""

import io
import zipfile
from datetime import date, datetime
from xml.sax.saxutils import escape

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def moment(*parts):
    """A day and a time as a cell has them, which knows no time zone."""
    return datetime(*parts)  # noqa: DTZ001  a cell knows none


def workbook(*sheets, more=None):
    """Sheets as rows of cells; a pair (state, rows) is a hidden one. `more` are further files of the archive."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1"'
        f' Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        # The second form of a cell is a day.
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs>'
        "</styleSheet>",
    }
    names, links = "", f'<Relationship Id="s" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    for number, sheet in enumerate(sheets, start=1):
        state, rows = sheet if isinstance(sheet, tuple) else ("visible", sheet)
        names += f'<sheet name="Sheet {number}" sheetId="{number}" state="{state}" r:id="r{number}"/>'
        links += f'<Relationship Id="r{number}" Type="{_OFFICE}/worksheet" Target="worksheets/s{number}.xml"/>'
        lines = "".join(
            f'<row r="{at}">{"".join(_cell(cell, at, place) for place, cell in enumerate(row))}</row>'
            for at, row in enumerate(rows, start=1)
        )
        parts[f"xl/worksheets/s{number}.xml"] = (
            f'<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData></worksheet>'
        )
    parts["xl/workbook.xml"] = f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{names}</sheets></workbook>'
    parts["xl/_rels/workbook.xml.rels"] = f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in (parts | (more or {})).items():
            packed.writestr(name, text)
    return written.getvalue()


def _cell(cell, at, place):
    where = f'r="{chr(65 + place)}{at}"'
    if cell is None:
        return ""
    if isinstance(cell, str) and cell.startswith("="):
        return f"<c {where}><f>{escape(cell[1:])}</f><v>42</v></c>"
    if isinstance(cell, str):
        return f'<c {where} t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
    if isinstance(cell, date):
        exact = cell if isinstance(cell, datetime) else moment(cell.year, cell.month, cell.day)
        return f'<c {where} s="1"><v>{(exact - moment(1899, 12, 30)).total_seconds() / 86400}</v></c>'
    return f"<c {where}><v>{cell}</v></c>"
