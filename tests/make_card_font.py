"""Makes the fonts of the social cards in sitegen/fonts/ from the npm package @fontsource/literata.

Run `npm pack @fontsource/literata@5.3.0`, unpack it, and `python tests/make_card_font.py FOLDER`; it needs
fonttools and brotli. Each font is put together from its scripts; of its features only the kerning of
what ASCII and everyday punctuation spell is kept, in the old table that Pillow's own layout reads.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._k_e_r_n import KernTable_format_0

SCRIPTS = ("latin", "latin-ext", "vietnamese", "greek", "cyrillic", "cyrillic-ext")
WEIGHTS = {"400": "literata-regular.ttf", "600": "literata-semibold.ttf"}
KERNED = {*map(chr, range(0x20, 0x7F)), *"–—‘’“”…·"}
FONTS = Path(__file__).parent.parent / "sitegen" / "fonts"


def main(package: Path) -> None:
    """Write both weights and the licence."""
    for weight, name in WEIGHTS.items():
        make(package, weight).save(FONTS / name)
    shutil.copy(package / "LICENSE", FONTS / "OFL.txt")


def make(package: Path, weight: str) -> TTFont:
    """Return one weight, of all its scripts."""
    with tempfile.TemporaryDirectory() as folder:
        parts = []
        for script in SCRIPTS:
            font = TTFont(package / "files" / f"literata-{script}-{weight}-normal.woff2")
            if script == "latin":
                pairs = kerning(font)
            font.flavor = None
            for table in {"GSUB", "GPOS", "GDEF", "DSIG", "STAT", "gasp", "prep"} & set(font.keys()):
                del font[table]
            parts.append(f"{folder}/{script}.ttf")
            font.save(parts[-1])
        merged = Merger().merge(parts)
    subtable = KernTable_format_0()
    subtable.coverage, subtable.kernTable = 1, pairs
    merged["kern"] = newTable("kern")
    merged["kern"].version, merged["kern"].kernTables = 0, [subtable]
    return merged


def kerning(font: TTFont) -> dict[tuple[str, str], int]:
    """Return the kerning of pairs of everyday characters: glyph names and units."""
    glyphs = font.getBestCmap()
    names = [glyphs[ord(letter)] for letter in sorted(KERNED) if ord(letter) in glyphs]
    table = font["GPOS"].table
    wanted = {
        index
        for record in table.FeatureList.FeatureRecord
        if record.FeatureTag == "kern"
        for index in record.Feature.LookupListIndex
    }
    pairs: dict[tuple[str, str], int] = {}
    for index in sorted(wanted):
        for subtable in table.LookupList.Lookup[index].SubTable:
            add_pairs(getattr(subtable, "ExtSubTable", subtable), names, pairs)
    return {pair: units for pair, units in pairs.items() if units}


def add_pairs(subtable: object, names: list[str], pairs: dict[tuple[str, str], int]) -> None:
    """Add what one subtable says; the first that says something of a pair holds."""
    covered = set(subtable.Coverage.glyphs)
    for left in (name for name in names if name in covered):
        if subtable.Format == 1:
            records = subtable.PairSet[subtable.Coverage.glyphs.index(left)].PairValueRecord
            found = {record.SecondGlyph: record.Value1 for record in records}
        else:
            row = subtable.Class1Record[subtable.ClassDef1.classDefs.get(left, 0)].Class2Record
            found = {right: row[subtable.ClassDef2.classDefs.get(right, 0)].Value1 for right in names}
        for right in names:
            if right in found:
                pairs.setdefault((left, right), getattr(found[right], "XAdvance", 0) or 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
