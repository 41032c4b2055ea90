"""A notebook that is older than the helper JAR names classes by the packages that they were in: with the real kernel."""

import pytest

pytestmark = pytest.mark.slow


def test_the_error_of_a_cell_says_the_new_import(real_kernel):
    error = real_kernel.error("import verger.images.Images;\nimport verger.features.NetworkChoice;\nNetworkChoice choice = null;")

    assert error["evalue"] == "verger.features.NetworkChoice has moved: write import verger.networks.NetworkChoice;"
    assert "MovedClasses.java" not in "\n".join(error["traceback"])  # no frame of the way to it


def test_with_the_new_import_the_cell_runs(real_kernel):
    real_kernel.error("import verger.pca.Neighbours;")

    assert real_kernel.run("import verger.similar.Neighbours;\nNeighbours.class.getName()") == "verger.similar.Neighbours"


def test_other_errors_stay_the_compilers(real_kernel):
    assert real_kernel.error("import verger.features.Nothing;")["ename"] == "CompilationException"
