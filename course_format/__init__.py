"""Courses as text: read a folder of plain files, find every fault in it, and render its Markdown.

No Flask and no database here. `source` holds what a course is, `read` makes one from a folder,
`check` says what is wrong with it. The format itself is described in `docs/authoring.md`.
"""
