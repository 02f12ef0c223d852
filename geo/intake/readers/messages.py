"""Say in words what readers found in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from geo.intake.cells import Messages

MESSAGES: Final[Messages] = {
    "file.empty": lambda t, told: (
        t("The file is empty.", **told),
        t("Send a file that has at least one row."),
    ),
    "file.missing": lambda t, told: (
        t("There is no such file, or it cannot be opened.", **told),
        t("Check its name, its place, and whether you may read it."),
    ),
    "file.damaged": lambda t, told: (
        t("The file is damaged or incomplete.", **told),
        t("Open it in the program that made it, save it again, and send the new file."),
    ),
    "file.crashed": lambda t, told: (
        t("Reading the file failed, and it was stopped safely; nothing was taken.", **told),
        t("Save the file again as XLSX or CSV and send the new file."),
    ),
    "file.password": lambda t, told: (
        t("The file is protected by a password.", **told),
        t("Remove the password, save the file and send it again."),
    ),
    "file.nul": lambda t, told: (
        t("The file holds nothing but NUL characters; its content was lost.", **told),
        t("Send the file again from where it was made."),
    ),
    "file.unread": lambda t, told: (
        t("This is a file of the kind {format}, which is not read.", **told),
        t("Save the table as XLSX or CSV and send that."),
    ),
    "file.html": lambda t, told: (
        t("This is a web page, although its name may say that it is a workbook.", **told),
        t("Open it in a spreadsheet program, save it as XLSX and send that."),
    ),
    "file.ending": lambda t, told: (
        t("The name ends in {ending}, but the content is {format}. It was read as {format}.", **told),
        t("Give the file the right ending next time."),
    ),
    "file.macros": lambda t, told: (
        t("The workbook has macros. They were left out and not run.", **told),
        "",
    ),
    "file.links": lambda t, told: (
        t("The workbook refers to other files. They were not opened; the values stored in it were taken.", **told),
        t("Check that these values are up to date."),
    ),
    "file.no_sheet": lambda t, told: (
        t("The file has no table.", **told),
        t("Send a workbook with at least one worksheet, or a file with at least one layer."),
    ),
    "file.part": lambda t, told: (
        t("The part {part} is missing from the file.", **told),
        t("Make the file again with all its parts and send it."),
    ),
    "file.uncomputed": lambda t, told: (
        t("All cells hold formulas whose results were never stored.", **told),
        t("Open the workbook in a spreadsheet program, let it compute, save it and send it again."),
    ),
    "sheet.uncomputed": lambda t, told: (
        t(
            "Sheet {sheet} has {count} formulas without a stored result, at {cells}. These cells count as empty.",
            **told,
        ),
        t("Open the workbook in a spreadsheet program, let it compute, save it and send it again."),
    ),
    "file.foreign_table": lambda t, told: (
        t("The database refers to tables outside itself, which are never opened.", **told),
        t("Export the layers into a new GeoPackage and send that."),
    ),
    "limit.size": lambda t, told: (
        t("The file has {size} MB; at most {limit} MB are taken.", **told),
        t("Split it, or ask an administrator to raise GEO_IMPORT_MAX_MB."),
    ),
    "limit.rows": lambda t, told: (
        t("The file has more than {limit} rows with content.", **told),
        t("Split it, or ask an administrator to raise GEO_IMPORT_ROWS."),
    ),
    "limit.columns": lambda t, told: (
        t("{sheet} has more than {limit} columns with content.", **told),
        t("Remove the columns that are not needed, or ask an administrator to raise GEO_IMPORT_COLUMNS."),
    ),
    "limit.cells": lambda t, told: (
        t("The tables have {count} cells, blank ones between others too; at most {limit} are taken.", **told),
        t("Remove blank columns and split the file, or ask an administrator to raise GEO_IMPORT_CELLS."),
    ),
    "limit.layers": lambda t, told: (
        t("The file has {count} layers; at most {limit} are taken.", **told),
        t("Send the layers in several files."),
    ),
    "limit.seconds": lambda t, told: (
        t("Reading the file took longer than {limit} seconds, and it was stopped; nothing was taken.", **told),
        t("Split it, or ask an administrator to raise GEO_IMPORT_SECONDS."),
    ),
    "limit.memory": lambda t, told: (
        t("Reading the file needs more than {limit} MB of memory, and it was stopped; nothing was taken.", **told),
        t("Split it, or ask an administrator to raise GEO_IMPORT_MEMORY_MB."),
    ),
    "zip.bomb": lambda t, told: (
        t("The archive would grow beyond all measure when unpacked.", **told),
        t("Send the table itself, not packed."),
    ),
    "zip.unpacked": lambda t, told: (
        t("Unpacked, the file has {size} MB; at most {limit} MB are taken.", **told),
        t("Split it, or ask an administrator to raise GEO_IMPORT_MAX_MB."),
    ),
    "zip.entries": lambda t, told: (
        t("The archive holds {count} files; at most {limit} are taken.", **told),
        t("Pack only the files that belong to the data."),
    ),
    "zip.path": lambda t, told: (
        t("The archive holds names that lead outside it.", **told),
        t("Pack the files again, without links and without folders above them."),
    ),
    "zip.other": lambda t, told: (
        t("The archive holds neither a workbook nor a Shapefile nor a KML.", **told),
        t("Unpack it and send the table itself."),
    ),
    "xml.entities": lambda t, told: (
        t("The file declares entities of its own, which are never expanded.", **told),
        t("Save it again in the program that made it, or send it as XLSX or CSV."),
    ),
    "xml.deep": lambda t, told: (
        t("The file nests its parts too deeply.", **told),
        t("Save it again in the program that made it."),
    ),
    "csv.encoding": lambda t, told: (
        t("The text is not in UTF-8; it was read as {encoding}.", **told),
        t("Check that letters with accents look right."),
    ),
    "csv.bad_encoding": lambda t, told: (
        t("Line {line} holds characters that do not fit {encoding}.", **told),
        t("Save the file as CSV UTF-8 and send it again."),
    ),
    "csv.mixed_encoding": lambda t, told: (
        t("Line {line} is written in another encoding than line {other}.", **told),
        t("Save the whole file as CSV UTF-8 and send it again."),
    ),
    "csv.nul": lambda t, told: (
        t("Line {line} holds a NUL character, as a damaged file does.", **told),
        t("Export the table again and send the new file."),
    ),
    "csv.quote": lambda t, told: (
        t(
            "The quotation mark opened in line {line} is never closed, so the rows behind it cannot be told apart.",
            **told,
        ),
        t("Close or remove the quotation mark, or send the table as XLSX."),
    ),
    "csv.swallowed": lambda t, told: (
        t("A cell in row {rows} has more than {lines} lines; a stray quotation mark may have joined rows.", **told),
        t("Look at this cell and remove the stray quotation mark."),
    ),
    "csv.long": lambda t, told: (
        t("{count} rows have more than {width} cells: {rows}. They were kept whole.", **told),
        t("Look whether a text there contains the separator without quotation marks."),
    ),
    "csv.short": lambda t, told: (
        t("{count} rows have fewer than {width} cells: {rows}. The missing cells count as empty.", **told),
        t("Look whether cells are missing there."),
    ),
    "cell.nul": lambda t, told: (
        t("Cell {cell} of {sheet} holds a NUL character, as a damaged file does.", **told),
        t("Delete the content of this cell, type it again, and send the file again."),
    ),
    "json.twice": lambda t, told: (
        t("The name {name} stands twice in one object, so one of its values would be lost.", **told),
        t("Give each field a name of its own and export the file again."),
    ),
    "json.constant": lambda t, told: (
        t("The file holds {word}, which is no number in JSON.", **told),
        t("Write null where a number is not known."),
    ),
    "json.damaged": lambda t, told: (
        t("The JSON breaks off or is wrong at line {line}.", **told),
        t("Export the file again and send the new file."),
    ),
    "json.deep": lambda t, told: (
        t("The file nests its parts too deeply.", **told),
        t("Save it again in the program that made it."),
    ),
    "json.kind": lambda t, told: (
        t("This is JSON, but not GeoJSON: it has no features.", **told),
        t("Send a FeatureCollection, or the table as CSV."),
    ),
    "json.feature": lambda t, told: (
        t("Row {row} is not a feature as GeoJSON defines it.", **told),
        t("Export the file again with a program that writes RFC 7946."),
    ),
    "json.number": lambda t, told: (
        t("Row {row} holds a number that is too large.", **told),
        t("Correct the number and send the file again."),
    ),
    "geometry.wrong": lambda t, told: (
        t("The shape in row {row} cannot be read.", **told),
        t("Correct or remove its coordinates and send the file again."),
    ),
    "geometry.range": lambda t, told: (
        t("{count} shapes have coordinates that are not on the Earth, in row {rows}.", **told),
        t("Give longitude (-180 to 180) before latitude (-90 to 90), in degrees."),
    ),
    "geometry.repaired": lambda t, told: (
        t("{count} shapes crossed themselves and were repaired, in row {rows}.", **told),
        t("Look at them on the map."),
    ),
    "geometry.lost": lambda t, told: (
        t("{count} shapes enclose no area and were left out, in row {rows}; their other fields were kept.", **told),
        t("Draw them again."),
    ),
    "geometry.none": lambda t, told: (
        t("{count} rows have no place on the map: {rows}.", **told),
        "",
    ),
    "crs.assumed": lambda t, told: (
        t(
            "{name} does not say its coordinate system. It was taken as degrees in WGS 84, which fits its numbers.",
            **told,
        ),
        t("Send the .prj file too, or check the places on the map."),
    ),
    "crs.missing": lambda t, told: (
        t("{name} does not say its coordinate system, and its numbers are not degrees in Indonesia.", **told),
        t("Send the .prj file too, or export the layer in WGS 84 (EPSG:4326)."),
    ),
    "crs.unknown": lambda t, told: (
        t("The coordinate system {crs} is not known.", **told),
        t("Export the layer in WGS 84 (EPSG:4326)."),
    ),
    "crs.transformed": lambda t, told: (
        t("The coordinates were changed from {crs} to WGS 84.", **told),
        "",
    ),
    "kml.link_only": lambda t, told: (
        t("The file only links to data elsewhere, and links are never followed.", **told),
        t("Save the places themselves as KML and send that."),
    ),
    "kml.links": lambda t, told: (
        t("The file has {count} links to data elsewhere. They were not followed.", **told),
        t("Send that data as a file if it belongs to this."),
    ),
    "kml.models": lambda t, told: (
        t("{count} places have a three-dimensional model, which is not drawn, in row {rows}.", **told),
        t("Give them a point if they need a place on the map."),
    ),
    "kml.others": lambda t, told: (
        t("Only {name} was read; the archive has {count} more KML files.", **told),
        t("Send the others by themselves if they are needed."),
    ),
    "shape.alone": lambda t, told: (
        t("A .shp file alone has no table and no coordinate system.", **told),
        t("Pack .shp, .shx, .dbf and .prj into one ZIP and send that."),
    ),
    "shape.no_dbf": lambda t, told: (
        t("The Shapefile {name} has no .dbf, so it has no table.", **told),
        t("Pack .shp, .shx, .dbf and .prj into one ZIP and send that."),
    ),
    "shape.no_shx": lambda t, told: (
        t("The Shapefile {name} has no .shx; its index was built anew.", **told),
        "",
    ),
}
"""Code of a finding about a whole file -> what is wrong, and what to do."""
