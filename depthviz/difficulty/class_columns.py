"""The columns of a study whose numbers are classes; -1 says that there is none."""

__all__ = ["CLASS_COLUMNS"]

CLASS_COLUMNS = (
    "label",
    "given_label",
    "data_label",
    "prediction",
    "consensus_class",
    "suggested_label",
)
