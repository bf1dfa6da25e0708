"""The check of a hostile folder, in a process of its own that may have 256 MB and no more.

The peak is the kernel's for this program alone: `ru_maxrss` begins with the parent's.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from config import PROJECT
from tests.unit.course_format.folders import READING_PATH, CourseFolder, recording

MEGABYTE = 1024 * 1024
LIMIT_MB = 256

CHECK = f"""
import resource, sys
resource.setrlimit(resource.RLIMIT_DATA, ({LIMIT_MB} * 1024 * 1024,) * 2)
from pathlib import Path
from course_format.check import check_course
from course_format.canonical import format_course
faults = check_course(Path(sys.argv[1]))
format_course(Path(sys.argv[1]))
print(sum(fault.severity == "error" for fault in faults))
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(int(peak.split()[1]) // 1024)
"""


def ten_thousand_files(folder: CourseFolder) -> None:
    for number in range(10_000):
        (folder.path / f"units/1-hearing/{number + 10}-item-{number}.md").write_text("---\n")


def a_video_of_two_gigabytes(folder: CourseFolder) -> None:
    start = recording(300, (b"avc1", b"mp4a"))[:-72]
    with (folder.path / "media/hearing.mp4").open("wb") as stream:
        stream.write(start + (0).to_bytes(4, "big") + b"mdat")
        stream.truncate(2 * 1024 * MEGABYTE)


def a_text_of_two_gigabytes(folder: CourseFolder) -> None:
    for path in ("course.yaml", "about.md", "tests/1.md", "media/hearing.vtt"):
        os.truncate(folder.path / path, 2 * 1024 * MEGABYTE)


def many_texts(folder: CourseFolder) -> None:
    for number in range(2):
        page = f"---\ntitle: A\nkind: reading\nminutes: 1\n---\n\n{'*a* <b> [c](d) ' * 8_000}\n"
        folder.write(f"units/2-answering/{number + 10}-more-{number}.md", page)


def a_bomb(folder: CourseFolder) -> None:
    laughs = "a0: &a0 [x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)
    )
    folder.write("course.yaml", laughs)
    folder.replace(READING_PATH, "---\n", f"---\n{laughs}")


def a_wide_yaml(folder: CourseFolder) -> None:
    folder.write("course.yaml", "units: [" + "{}, " * 20_000 + "]\n")


def links_out_of_the_folder(folder: CourseFolder) -> None:
    (folder.path / "media/passwords.md").symlink_to("/etc/passwd")
    (folder.path / "media/zeros.mp4").symlink_to("/dev/zero")
    (folder.path / "units/9-root").symlink_to("/")
    folder.remove("about.md")
    (folder.path / "about.md").symlink_to("/dev/zero")


HOSTILE = [
    ten_thousand_files,
    a_video_of_two_gigabytes,
    a_text_of_two_gigabytes,
    many_texts,
    a_bomb,
    a_wide_yaml,
    links_out_of_the_folder,
]


@pytest.mark.parametrize("spoil", HOSTILE, ids=lambda spoil: spoil.__name__)
def test_a_hostile_folder_is_refused_in_little_memory(
    spoil: Callable[[CourseFolder], None], folder: CourseFolder
) -> None:
    spoil(folder)
    errors, peak_mb = run(folder.path)
    assert errors > 0
    assert peak_mb < LIMIT_MB, f"{peak_mb} MB"


def test_the_limit_is_one() -> None:
    """The measurement itself: a process that takes more is stopped."""
    grown = CHECK.replace("faults =", "x = bytearray(300 * 1024 * 1024); faults =")
    done = subprocess.run([sys.executable, "-c", grown, "."], cwd=PROJECT, capture_output=True)
    assert b"MemoryError" in done.stderr


def run(folder: Path) -> tuple[int, int]:
    """Errors found, and the peak memory in MB."""
    done = subprocess.run(
        [sys.executable, "-c", CHECK, str(folder)],
        cwd=PROJECT, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    errors, peak = done.stdout.split()
    return int(errors), int(peak)
