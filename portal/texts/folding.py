"""Folds translations of literals into the compiled template, so that a page looks up no text it need not.

Works on the template's syntax tree. Also the place where a template is refused that could not be extracted,
translated or escaped: this never turns escaping off.
"""

import re
from typing import TYPE_CHECKING, cast

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import TemplateAssertionError
from jinja2.visitor import NodeTransformer

if TYPE_CHECKING:
    from portal.texts.environment import LocaleEnvironment

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
# The one thing that goes out unescaped: our own stylesheet, which the web layer reads from our own files
UNESCAPED = frozenset({"inline_css"})
# function -> how many literals it starts with
FUNCTIONS = {"_": 1, "gettext": 1, "pgettext": 2, "ngettext": 2, "npgettext": 3}


class FoldingGenerator(CodeGenerator):
    """Jinja's code generator (a documented hook of its Environment), run on the folded tree."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 - Jinja's name
        """Fold, then generate."""
        environment = cast("LocaleEnvironment", self.environment)
        super().visit_Template(Folder(environment, self.name, self.filename).visit(node), frame)


class Folder(NodeTransformer):
    """Replaces `_('literal')` and `pgettext('context', 'literal')` by the translated constant."""

    def __init__(self, environment: "LocaleEnvironment", name: str | None, filename: str | None) -> None:
        self.environment = environment
        self.name = name
        self.filename = filename

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - Jinja's name
        """Check every call for a text and fold it when it has no values."""
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or node.node.name not in FUNCTIONS:
            return node
        function = node.node.name
        literals = self._literals(node, FUNCTIONS[function])
        if function in ("ngettext", "npgettext") or node.kwargs:
            return node
        if PLACEHOLDER.search(literals[-1]):
            raise self._refused("a placeholder without its value", node)
        catalogue = self.environment.catalogue
        folded = catalogue.gettext(*literals) if len(literals) == 1 else catalogue.pgettext(*literals)
        return nodes.Const(folded, lineno=node.lineno, environment=node.environment)

    def visit_Name(self, node: nodes.Name) -> nodes.Node:  # noqa: N802 - Jinja's name
        """Refuse `{% for _ in … %}`: it would hide the translating function."""
        if node.ctx != "load" and node.name in FUNCTIONS:
            raise self._refused(f"{node.name!r} is the name of the translating function", node)
        return node

    def visit_Filter(self, node: nodes.Filter) -> nodes.Node:  # noqa: N802 - Jinja's name
        """Refuse `|safe` on anything but our own stylesheet."""
        self.generic_visit(node)
        ours = isinstance(node.node, nodes.Getattr) and node.node.attr in UNESCAPED
        if node.name == "safe" and not ours:
            raise self._refused("nothing is passed unescaped; make a macro", node)
        return node

    def visit_ScopedEvalContextModifier(self, node: nodes.Node) -> nodes.Node:  # noqa: N802 - Jinja's name
        """Refuse `{% autoescape false %}`."""
        raise self._refused("escaping is always on", node)

    def _literals(self, node: nodes.Call, count: int) -> list[str]:
        values = [arg.value for arg in node.args[:count] if isinstance(arg, nodes.Const)]
        literals = [value for value in values if isinstance(value, str)]
        dynamic = node.dyn_args is not None or node.dyn_kwargs is not None
        expected = count + (isinstance(node.node, nodes.Name) and node.node.name in ("ngettext", "npgettext"))
        if dynamic or len(literals) != count or len(node.args) != expected:
            raise self._refused("a text must be a literal; use t(...) for one made in Python", node)
        return literals

    def _refused(self, reason: str, node: nodes.Node) -> TemplateAssertionError:
        return TemplateAssertionError(reason, node.lineno, self.name, self.filename)
