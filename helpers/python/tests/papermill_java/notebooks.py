"""Builds tiny Java notebooks, and runs them through papermill."""

import nbformat
import papermill

JAVA = {"kernelspec": {"name": "java", "display_name": "Java", "language": "java"}, "language_info": {"name": "Java"}}


def notebook(parameters_cell, *cells):
    """A Java notebook; `parameters_cell` None leaves the tagged cell out."""
    nb = nbformat.v4.new_notebook(metadata=JAVA)
    if parameters_cell is not None:
        nb.cells.append(nbformat.v4.new_code_cell(parameters_cell, metadata={"tags": ["parameters"]}))
    nb.cells += [nbformat.v4.new_code_cell(cell) for cell in cells]
    for cell in nb.cells:
        cell.metadata.setdefault("tags", [])
    return nb


def saved(folder, *cells, name="in.ipynb"):
    """The path of a notebook written into `folder`."""
    path = folder / name
    nbformat.write(notebook(*cells), path)
    return path


def injected(parameters_cell, **parameters):
    """The lines that papermill injects for `parameters`, without its comment. Nothing is run."""
    nb = papermill.execute_notebook(
        notebook(parameters_cell), None, parameters=parameters, prepare_only=True, progress_bar=False
    )
    (cell,) = [cell for cell in nb.cells if "injected-parameters" in cell.metadata.tags]
    comment, _, code = cell.source.rstrip("\n").partition("\n")
    assert comment == "// Parameters"
    return code


def printed(nb):
    """All that the cells of an executed notebook printed."""
    return "".join(output.text for cell in nb.cells for output in cell.get("outputs", ()) if output.output_type == "stream")
