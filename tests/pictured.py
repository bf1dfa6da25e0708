"""The certificates whose pictures are looked at and kept: twelve scripts, and extreme ones.

`python -m tests.pictured FOLDER` draws them large, to be looked at; with `--keep` the pictures
of the tests are made anew.
"""

import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.printed import LONG_NAME, facts

NAMES = {
    "latin": "Şükrü Žižek-Łukasz Ångström",
    "vietnamese": "Nguyễn Thị Phương Đặng",
    "greek": "Ελένη Παπαδοπούλου",
    "cyrillic": "Ольга Щербакова-Ґалаґан",
    "hebrew": "שָׂרָה בן־דוד",
    "arabic": "محمّد عبد الرحمن الخطيب",
    "devanagari": "श्रीकृष्ण द्विवेदी",
    "thai": "กิตติศักดิ์ ศรีสุวรรณ",
    "khmer": "ស្រីនាង ចន្ទ្រា",
    "chinese": "欧阳修文",
    "japanese": "斎藤 さくら",
    "korean": "김민준",
}
SIGNATURE = (Path(__file__).parents[1] / "content" / "provider" / "signature.svg").read_bytes()


def pictured() -> dict[str, Any]:
    """What each kept picture prints."""
    from services.pdf.data_urls import data_url

    images = {"logo": "", "seal": "", "signature": data_url(SIGNATURE)}
    return {
        **{script: facts(name) for script, name in NAMES.items()},
        "right-to-left-a4": facts(NAMES["arabic"], 2, 3, paper="a4"),
        "longest": facts("W" * 60 + " " + "M" * 59, 4, 4),
        "shortest": facts("Ng", 0, 1, demonstration=False),
        "four-licenses-signed": facts(LONG_NAME, 4, 3, images=images),
        "colors-a4": facts(
            bodies=3, paper="a4", look={"accent": "#7a1f2b", "tint": "#b98087"}, images=images
        ),
    }


def main() -> None:
    from services.pdf.draw import draw
    from tests.pictures_of import keep

    folder = Path(sys.argv[1])
    for name, printed in pictured().items():
        pdf = draw("certificate", printed)
        (folder / f"{name}.pdf").write_bytes(pdf)
        subprocess.run(
            ["pdftoppm", "-r", "60", "-png", "-singlefile", folder / f"{name}.pdf", folder / name],
            check=True,
        )
        if "--keep" in sys.argv:
            keep(name, pdf)


if __name__ == "__main__":
    main()
