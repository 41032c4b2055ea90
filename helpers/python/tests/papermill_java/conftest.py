import pytest

from tests import gateways


@pytest.fixture(scope="package", autouse=True)
def bare_kernel(tmp_path_factory):
    """A kernel `java` that is JJava alone, which papermill-java is for as much as for the project's own."""
    folder = tmp_path_factory.mktemp("jupyter")
    gateways.write_kernel(folder, "java")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", str(folder))
        yield
