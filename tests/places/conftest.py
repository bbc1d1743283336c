"""Small files in the formats users hand in."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

WRAPPING = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/worksheet" Target="worksheets/sheet1.xml"/>'
        '<Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<sheets><sheet name="接警" sheetId="1" r:id="r1"/></sheets></workbook>'
    ),
    "xl/styles.xml": (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>'
    ),
}


@pytest.fixture
def write_xlsx() -> Callable[[Path, Sequence[Sequence[str | float | None]]], Path]:
    """Write a workbook with one sheet, 接警: text, numbers, and a date where ("date", serial)."""

    def write(path: Path, rows: Sequence[Sequence[object]]) -> Path:
        lines = "".join(f"<row>{''.join(map(cell_xml, row))}</row>" for row in rows)
        sheet = (
            '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            f"<sheetData>{lines}</sheetData></worksheet>"
        )
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in {**WRAPPING, "xl/worksheets/sheet1.xml": sheet}.items():
                archive.writestr(name, content)
        return path

    return write


def cell_xml(cell: object) -> str:
    if cell is None:
        return "<c/>"
    if isinstance(cell, tuple):
        return f'<c s="1"><v>{cell[1]}</v></c>'
    if isinstance(cell, int | float):
        return f"<c><v>{cell}</v></c>"
    return f'<c t="inlineStr"><is><t>{escape(str(cell))}</t></is></c>'
