"""What papermill imports by its entry point: registers the translator and names an engine."""

from papermill.engines import NBClientEngine
from papermill.translators import papermill_translators

from .translator import JavaTranslator

# papermill asks by the kernel's name first, then by the language: a kernelspec says "java", JJava's language_info "Java".
for _language in ("java", "Java"):
    papermill_translators.register(_language, JavaTranslator)


class JavaEngine(NBClientEngine):
    """papermill's own engine under the name `java`: an entry point of the group `papermill.engine` must name an engine."""
