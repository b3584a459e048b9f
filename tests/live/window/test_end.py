"""The end of a show whose settings panel was used says nothing of what libraries left alive."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.watched import ROOT

pytest.importorskip("PyQt6.QtWidgets")

USED = """
import sys, threading, time
from PyQt6.QtCore import QObject, Qt, QTimer, pyqtSignal
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication
from live.program import main
from live.window.main import ShowWindow

def window():
    there = QApplication.topLevelWidgets() if QApplication.instance() else []
    return next((w for w in there if isinstance(w, ShowWindow) and w.isVisible()), None)

class Person(QObject):
    comes = pyqtSignal()

    def use(self):
        QTest.keyClick(window(), Qt.Key.Key_O)
        window().commands.settings_panel.rows["hop"].control.setValue(0.35)
        self.wait()

    def wait(self):
        if window().session.settings.hop_s == 0.35:
            print("changed", flush=True)
            window().close()
        else:
            QTimer.singleShot(50, self.wait)

def come():
    global person
    while window() is None:
        time.sleep(0.05)
    person = Person()
    person.moveToThread(QApplication.instance().thread())
    person.comes.connect(person.use)
    person.comes.emit()

threading.Thread(target=come, daemon=True).start()
main()
"""


def test_a_used_settings_panel_leaves_a_clean_end(small_bundle: Path) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-c", USED, "live", "--input", "demo"),
            *("--bundle", str(small_bundle), "--runtime", "onnxruntime"),
        ],
        cwd=ROOT, env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True, text=True, timeout=100,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "changed\n"), done.stderr
    assert done.stderr == ""
