"""The show begins with a runtime that is ready; the better one joins it when it has been built."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from engine.bundle.exchange import exchange, exchangeable, warm
from engine.bundle.load import Bundle, BundleError
from engine.runtimes.cache import engine_folder
from engine.runtimes.engines.build import Job
from engine.runtimes.engines.build_process import BuildProcess
from engine.runtimes.model import ModelError


class EngineSwap:
    """Opens a bundle's models at once, and puts better ones in their place later."""

    def __init__(
        self,
        bundle: Bundle,
        runtime: str,
        on_event: Callable[[str], None],
        threads: int | None = None,
        exact: bool = False,
    ) -> None:
        """Open what is ready and begin to build the rest; on_event gets what people should know.

        threads, exact: see Bundle.models. Raises BundleError, RuntimeMissing as that does.
        """
        self._bundle, self._on_event = bundle, on_event
        self._threads, self._exact = threads, exact
        self._own_folder: Path | None = None
        """For this show alone, where the cache cannot be written."""
        self._process: BuildProcess | None = None
        self._thread: threading.Thread | None = None
        self._stopped = False
        self.progress = ""
        """What is being built and how far it is, in a few words; empty when nothing is."""
        start = bundle.start(runtime, engine_folder(), threads, exact)
        self.models = exchangeable(bundle.models(start.runtime, threads, exact=exact))
        """To hear and paint with."""
        if start.job is not None:
            self._begin(start.job)

    def stop(self) -> None:
        """Build no more; the models are the caller's to close.

        Engines that are being opened are waited for: a process that ends meanwhile breaks down.
        """
        self._stopped = True
        if self._process is not None:
            self._process.stop()
        if self._thread is not None:
            self._thread.join()
        if self._own_folder is not None:
            shutil.rmtree(self._own_folder, ignore_errors=True)

    def _begin(self, job: Job) -> None:
        fault = _folder_fault(job.folder)
        if fault:
            self._own_folder = Path(tempfile.mkdtemp(prefix="soundglass-engines-"))
            job = Job(job.runtime, job.engines, self._own_folder, job.trials, job.threads)
            self._on_event(f"{fault}: engines are built anew for each show")
        what = "the fastest runtime" if job.runtime == "auto" else job.runtime
        now = self.models.runtime
        self._on_event(f"{what} is being prepared; {now} paints until then")
        self.progress = f"preparing {what}"
        self._process = BuildProcess(job)
        self._thread = threading.Thread(
            target=self._wait, args=(self._process, job.folder), name="engines", daemon=True
        )
        self._thread.start()

    def _wait(self, process: BuildProcess, folder: Path) -> None:
        try:
            for step in process.steps():
                self.progress = f"{step.doing} ({100 * step.share:.0f} %)"
            if process.runtime != self.models.runtime and not self._stopped:
                self._swap(process.runtime, folder)
        except (BundleError, ModelError) as error:
            if not self._stopped:
                self._on_event(f"{error}; the show goes on with {self.models.runtime}")
        finally:
            self.progress = ""

    def _swap(self, runtime: str, folder: Path) -> None:
        better = self._bundle.models(runtime, self._threads, exact=self._exact, engines=folder)
        warm(self._bundle, better)
        if self._stopped:
            better.close()
            return
        before = self.models.runtime
        exchange(self.models, better)
        self._on_event(f"{runtime} is ready and paints from now on, in the place of {before}")


def _folder_fault(folder: Path) -> str | None:
    """Why engines cannot be kept in a folder."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return None
    except OSError as error:
        return f"{folder} cannot be written ({error.strerror})"
