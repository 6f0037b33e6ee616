"""`depthviz completion SHELL`: a script by which a shell completes our words.

The script asks `depthviz completion --words` at each Tab, so that it never grows old.
An answer takes about a tenth of a second, as nothing heavy is loaded. Names of files
are left to the shell.
"""

import argparse
from collections.abc import Sequence

from depthviz.cli.named_charts import chart_names
from depthviz.cli.parser import build_parser

__all__ = ["complete", "completion_script"]

SCRIPTS = {
    "bash": """_depthviz() {
  local IFS=$'\\n'
  local before=("${COMP_WORDS[@]:1:COMP_CWORD-1}")
  COMPREPLY=($(compgen -W "$(depthviz completion --words "${before[@]}" 2>/dev/null)" \\
    -- "${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _depthviz depthviz
""",
    "zsh": """#compdef depthviz
_depthviz() {
  local -a known
  known=(${(f)"$(depthviz completion --words ${words[2,CURRENT-1]} 2>/dev/null)"})
  compadd -a known
  _files
}
compdef _depthviz depthviz
""",
    "fish": """function __depthviz_words
  depthviz completion --words (commandline -opc)[2..] 2>/dev/null
end
complete -c depthviz -a '(__depthviz_words)'
""",
}


def completion_script(shell: str) -> str:
    """Write what a shell reads to complete the words after `depthviz`.

    Args:
        shell: "bash", "zsh" or "fish".

    Returns:
        The script.
    """
    return SCRIPTS[shell]


def complete(before: Sequence[str]) -> list[str]:
    """Find the words that can come next.

    Args:
        before: Those between `depthviz` and the one that is typed.

    Returns:
        Words; none where a file or a text is wanted.

    Example:
        >>> complete(["figure", "study.zarr", "--theme"])
        ['light', 'dark', 'print']
    """
    commands = _commands(build_parser())
    if not before:
        return list(commands)
    if before[0] not in commands:
        return []
    actions = commands[before[0]]._actions
    options = {flag: action for action in actions for flag in action.option_strings}
    last = options.get(before[-1])
    if last is not None and last.nargs != 0:
        return list(last.choices or ())
    words = [flag for flag in options if flag.startswith("--")]
    words += [word for one in actions if not one.option_strings for word in _known(one)]
    study_is_given = len(before) > 1
    names = chart_names() if before[0] == "figure" and study_is_given else []
    return words + ([] if {*names} & {*before} else names)


def _commands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def _known(action: argparse.Action) -> list[str]:
    return list(action.choices or ())
