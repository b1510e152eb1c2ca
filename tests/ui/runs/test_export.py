from pathlib import Path

import pytest

from mnist_demo.runs.packing import file_stem
from mnist_demo.texts import load_texts
from tests.factories import make_run

EN = load_texts("en")
FOLDER = Path("20260102-030405-abcdef")


class TestFileStem:
    @pytest.mark.parametrize(
        ("name", "stem"),
        [
            ("Grupo 3", "mnist-grupo-3-20260102-0304"),
            ("Ana, Luis · 97,7 %", "mnist-ana-luis-97-7-20260102-0304"),
            ("../../etc/passwd", "mnist-etc-passwd-20260102-0304"),
            ('a\\b:c*d?e"f<g>h|i', "mnist-a-b-c-d-e-f-g-h-i-20260102-0304"),
            ("हिन्दी", "mnist-हिन्दी-20260102-0304"),
            ("???", "mnist-20260102-0304"),
            ("CON", "mnist-con-20260102-0304"),
        ],
    )
    def test_file_is_called_like_the_run(self, name: str, stem: str):
        """Without what a file system does not take, and with the minute, by which runs of one name differ."""
        assert file_stem(make_run(folder=FOLDER, name=name), EN) == stem

    def test_run_without_a_name_is_called_by_its_settings(self):
        """As on the page."""
        assert file_stem(make_run(folder=FOLDER), EN) == "mnist-layers-3-2-2-epochs-batch-32-20260102-0304"

    def test_pretrained_run_needs_no_minute(self):
        """There is one of it."""
        run = make_run(folder=Path("robust"), pretrained=True)
        assert file_stem(run, EN) == "mnist-the-robust-network"
