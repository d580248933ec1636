"""Worker processes and who uses them: a query that takes too long is ended by ending its process.

Readers never open the folder that is written to: they read a snapshot of it, made of hard links, so that an update
beside a running query is safe. All changes go through one writer, in which they are transactions: killing it loses none
that was reported done.
"""

from __future__ import annotations

import asyncio
import json
import logging
import multiprocessing
import os
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from maille.errors import MailleError
from maille.serve import worker
from maille.serve.settings import Settings
from maille.serve.worker import Job, Refused, Snapshot, Update, WriteGraph

_LOG = logging.getLogger("maille.serve")
_CONTEXT = multiprocessing.get_context("spawn")
_LOOK = 0.5
"""Seconds between two looks whether the client is still there."""
_PREFIX = ".maille-serve-"
_START = 120.0
"""Seconds that a process may take to come up, not counted as a query's."""

Gone = Callable[[], Awaitable[bool]]


class Worker:
    """One process; `busy` while it has a job, `folder` the store that it reads."""

    def __init__(self, settings: Settings, folder: str, writable: bool) -> None:
        self._settings, self._writable, self.folder = settings, writable, folder
        self._start()

    def _start(self) -> None:
        self.pipe, child = _CONTEXT.Pipe()
        limits = (self._settings.max_result, self._settings.memory)
        arguments = (child, self.folder, self._writable, *limits)
        self._process = _CONTEXT.Process(target=worker.main, args=arguments, daemon=True, name="maille-serve")
        self._process.start()
        child.close()
        self.fresh = True

    def send(self, folder: str, job: Job) -> None:
        """Give it a job on the store in `folder`; a process that is gone is replaced first."""
        self.folder = folder
        try:
            self.pipe.send((folder, job))
        except OSError:
            self.restart()
            self.pipe.send((folder, job))

    def restart(self) -> None:
        """Kill the process, whatever it does, and start another."""
        self.stop()
        self._start()

    def stop(self) -> None:
        self._process.kill()
        self._process.join(5)
        self.pipe.close()


class Lease:
    """A job that a worker does: a head, then pieces of the body; `close` it, done or not."""

    def __init__(self, pool: Pool, taken: Worker, idle: asyncio.Queue[Worker], gone: Gone | None) -> None:
        self._pool, self._worker, self._idle, self._gone = pool, taken, idle, gone
        self._left = pool.settings.timeout
        self._whole = self._closed = False
        self.head: dict[str, Any] = {}

    async def begin(self, folder: str, job: Job) -> None:
        """Send the job and wait for its head; Refused if there is none."""
        self._worker.send(folder, job)
        if self._worker.fresh:
            await self._message(_START)
            self._worker.fresh = False
        tag, data = await self._message()
        if tag == b"e":
            raise self._refused(data)
        self.head = json.loads(data)

    async def piece(self) -> bytes | None:
        """The next piece of the body, None at its end; Refused if it cannot be had."""
        tag, data = await self._message()
        if tag == b"z":
            self._whole = True
            return None
        if tag == b"e":
            raise self._refused(data)
        return data

    def close(self) -> None:
        """Give the worker back; one that is still at work is killed."""
        if not self._closed:
            self._closed = True
            if not self._whole:
                self._worker.restart()
            self._idle.put_nowait(self._worker)
            self._pool.tidy()

    def _refused(self, data: bytes) -> Refused:
        self._whole = True
        told = json.loads(data)
        return Refused(told["status"], told["message"], told["hint"])

    async def _message(self, more: float = 0.0) -> tuple[bytes, bytes]:
        """The next message; the wait for it counts against the time-out."""
        started = time.monotonic()
        while not await _readable(self._worker.pipe, min(_LOOK, max(self._left + more, 0.01))):
            spent = time.monotonic() - started
            if spent >= self._left + more:
                raise Refused(503, f"it took longer than {self._pool.settings.timeout:g} s and was stopped",
                              "ask for less, or start the server with a larger --timeout")  # fmt: skip
            if self._gone is not None and await self._gone():
                raise Refused(499, "the client went away")
        if not more:  # the start of a process is not the query's fault
            self._left -= time.monotonic() - started
        try:
            message = self._worker.pipe.recv_bytes()
        except (EOFError, OSError) as error:
            raise Refused(503, "the process that answers ended, perhaps for want of memory",
                          "ask for less, or start the server with a larger --memory") from error  # fmt: skip
        return message[:1], message[1:]


class Pool:
    """The workers of a server; `start` it, `stop` it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._folder = str(settings.store)
        self._current = self._folder
        self._scratch: Path | None = None
        self._count = 0
        self._dirty = False
        self._readers: list[Worker] = []
        self._writers: list[Worker] = []
        self._idle_readers: asyncio.Queue[Worker] = asyncio.Queue()
        self._idle_writers: asyncio.Queue[Worker] = asyncio.Queue()
        self._lock = asyncio.Lock()

    @property
    def state(self) -> str:
        """Another text whenever the graph has changed."""
        return f"{self._current} {self._dirty}"

    async def start(self) -> None:
        """Make the first snapshot and start the processes; MailleError if the store cannot be opened."""
        self._scratch = _scratch(self.settings.store)
        if self.settings.updates:
            self._open_writer()
        try:
            await self._refresh()
        except Refused as refused:
            if self.settings.updates or "lock" in refused.message.lower():
                await self.stop()
                raise MailleError(
                    f"the store {self._folder} cannot be opened: {refused.message}", refused.hint
                ) from refused  # a folder that nobody may write to is read in its place
        self._dirty = False
        self._readers = [Worker(self.settings, self._current, writable=False) for _ in range(self.settings.workers)]
        for reader in self._readers:
            self._idle_readers.put_nowait(reader)

    async def stop(self) -> None:
        """End the processes and remove the snapshots."""
        for one in (*self._readers, *self._writers):
            one.stop()
        self._readers, self._writers = [], []
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)

    async def run(self, job: Job, gone: Gone | None = None) -> Lease:
        """Give a job to the next free worker; Refused if it fails before its answer begins."""
        writes = isinstance(job, Update | WriteGraph)
        if writes and not self._writers:
            raise Refused(403, "this server only reads", "start it with --update to allow changes")
        if self._dirty and not writes:
            async with self._lock:
                if self._dirty:
                    await self._renew()
        lease = await self._lease(self._idle_writers if writes else self._idle_readers, gone)
        self._dirty |= writes
        try:
            await lease.begin(self._folder if writes else self._current, job)
        except BaseException:
            lease.close()
            raise
        return lease

    def reload(self) -> None:
        """Let the next query see the folder as it is by then."""
        self._dirty = True

    def tidy(self) -> None:
        """Remove the snapshots that no worker reads."""
        if self._scratch is None:
            return
        used = {self._current, *(reader.folder for reader in self._readers)}
        for folder in self._scratch.iterdir():
            if str(folder) not in used and folder.name.isdigit() and int(folder.name) < self._count:
                shutil.rmtree(folder, ignore_errors=True)

    async def _lease(self, idle: asyncio.Queue[Worker], gone: Gone | None) -> Lease:
        try:
            taken = await asyncio.wait_for(idle.get(), self.settings.timeout)
        except TimeoutError:
            raise Refused(503, "the server is busy", "try again later") from None
        return Lease(self, taken, idle, gone)

    def _open_writer(self) -> None:
        self._writers.append(Worker(self.settings, self._folder, writable=True))
        self._idle_writers.put_nowait(self._writers[-1])

    async def _renew(self) -> None:
        """A new snapshot; a server that only reads goes on with the old one where another process has the folder."""
        try:
            await self._refresh()
        except Refused as refused:
            if self.settings.updates:
                raise
            self._dirty = False
            _LOG.warning("the graph stays as it was: %s", refused.message)

    async def _refresh(self) -> None:
        """Read from a new snapshot; a server that only reads opens the folder for that moment alone."""
        assert self._scratch is not None
        if not self._writers:
            self._open_writer()
        self._count += 1
        folder = str(self._scratch / str(self._count))
        lease = await self._lease(self._idle_writers, None)
        self._dirty = False
        try:
            await lease.begin(self._folder, Snapshot(folder))
            while await lease.piece() is not None:
                pass
        except BaseException:
            self._dirty = True
            raise
        finally:
            lease.close()
            if not self.settings.updates:
                self._idle_writers.get_nowait()
                self._writers.pop().stop()
        self._current = folder
        self.tidy()


def _scratch(store: Path) -> Path:
    """A folder for snapshots, beside the store where that may be written (hard links need one file system)."""
    parent = store.resolve().parent
    for left in parent.glob(f"{_PREFIX}*"):
        owner = left.name.removeprefix(_PREFIX).partition("-")[0]
        if owner.isdigit() and not _lives(int(owner)):  # a server that was killed left it
            shutil.rmtree(left, ignore_errors=True)
    try:
        return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=parent))
    except OSError:
        return Path(tempfile.mkdtemp(prefix="maille-serve-"))


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


async def _readable(pipe: Connection, seconds: float) -> bool:
    """Whether there is something to read within that time."""
    if pipe.poll():
        return True
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[None] = loop.create_future()
    number = pipe.fileno()
    loop.add_reader(number, _told, ready)
    try:
        await asyncio.wait_for(ready, seconds)
        return True
    except TimeoutError:
        return False
    finally:
        loop.remove_reader(number)


def _told(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)
