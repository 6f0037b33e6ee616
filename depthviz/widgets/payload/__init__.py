"""What the page is sent of a study: a manifest (JSON) and named chunks of bytes.

`pack` puts both together from `columns` (name, title, kind and bytes of each column),
`facts`, `ensemble` (the plane and the errors of many networks), `map_trust`, `sprites`
(thumbnails) and `details` (what the inspector pulls for one example). `chunks` makes
them on demand, `manifest` looks columns up.
"""
