"""Workbooks by their kind: each module has `choose`, a sheet's name, and `read`, its cells."""

from geotrack.usertables.files import excel, oldexcel, opendocument

BOOKS = {"xlsx": excel, "xls": oldexcel, "ods": opendocument}
