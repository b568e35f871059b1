"""The sidebar: of the list of all pages the branch that its page is on. All of it on every page is a hundred thousand
links, a third of the time that the manual takes and of its size."""


def own_branch(app, pagename, templatename, context, doctree):
    """The theme asks for everything; what is not above or beside the page stays closed."""
    if "toctree" in context:
        whole = context["toctree"]
        context["toctree"] = lambda **asked: whole(**asked | {"collapse": True})


def setup(app):
    app.connect("html-page-context", own_branch, priority=400)  # before the theme asks
