"""Sphinx configuration; the documentation is built with warnings as errors."""

from __future__ import annotations

from importlib.metadata import version as installed_version

project = "alignment_games"
author = "The alignment_games developers"
copyright = "2026, The alignment_games developers"
version = release = installed_version("alignment-games")

extensions = [
    "myst_parser",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.mathjax",
]
exclude_patterns = ["_build"]
default_role = "py:obj"  # `name` in a docstring links to what it names

myst_enable_extensions = ["amsmath", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3

autosummary_generate = True
autodoc_mock_imports = ["hypothesis"]  # needed by alignment_games.testing alone
autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
python_use_unqualified_type_names = True
numpydoc_show_class_members = False

# Without this the blank line that ends a doctest before its fence would be shown.
highlight_options = {"pycon": {"stripnl": True}}

html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["custom.css"]
html_title = f"alignment_games {release}"
