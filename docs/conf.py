"""Sphinx, told by `docs/build.py`, which gathers the pages beside a copy of this."""

from importlib.metadata import version as version_of

project = "Oestra"
author = "The Oestra developers"
copyright = author  # noqa: A001 - Sphinx names it
version = release = version_of("oestra")

extensions = ["myst_parser", "numpydoc", "sphinx.ext.autodoc", "sphinx_copybutton"]
source_suffix = {".md": "markdown"}
nitpicky = True

myst_heading_anchors = 4
myst_links_external_new_tab = False

# Types stand in the docstrings, with shapes and units.
autodoc_typehints = "none"
autodoc_member_order = "bysource"
numpydoc_show_class_members = False
autosummary_generate = False
add_module_names = False

html_theme = "pydata_sphinx_theme"
html_title = "Oestra"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "announcement": "Research software, not for clinical decisions.",
    "footer_start": ["copyright"],
    "footer_end": [],
    "navbar_align": "left",
    "show_prev_next": False,
    "collapse_navigation": True,
    "navigation_depth": 2,
    "show_nav_level": 1,
    "navigation_with_keys": False,
    "secondary_sidebar_items": ["page-toc"],
    "use_edit_page_button": False,
}
copybutton_exclude = ".linenos, .gp, .go"


def _as_written(_app, _what, _name, _object, _options, lines):
    """Leave signs of size in docstrings as they are: |x| is no name to replace."""
    lines[:] = [line.replace("|", "\\|") for line in lines]


def setup(app):
    """Tell Sphinx how docstrings are meant."""
    app.connect("autodoc-process-docstring", _as_written)
