"""An executed notebook as a page."""

import warnings
from pathlib import Path

TEMPLATES = Path(__file__).parent  # the template is the folder `page`


def write_page(executed: Path) -> Path:
    """Writes the notebook as one HTML file that loads nothing from anywhere, beside it; returns the file."""
    from nbconvert import HTMLExporter  # takes a second to import

    exporter = HTMLExporter(template_name="page", extra_template_basedirs=[str(TEMPLATES)],
                            embed_images=True, exclude_input_prompt=True, exclude_output_prompt=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a lexer that no Java needs
        html, _ = exporter.from_filename(str(executed))
    page = executed.with_suffix(".html")
    page.write_text(html, encoding="utf-8")
    return page
