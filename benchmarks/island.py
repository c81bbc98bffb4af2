"""The map island: frames a second at 10,000 sparks in headless Chromium without a GPU."""

import json
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.pairs import Result
from benchmarks.world import ROOT, free_port

SPARKS, AIM, SECONDS = 10_000, 30, 4
SITES = (
    ("蚌埠", 117.39, 32.92, 0.3),
    ("滁州", 118.32, 32.30, 0.2),
    ("宿州", 116.96, 33.65, 0.15),
    ("淮北", 116.8, 33.96, 0.1),
    ("阜阳", 115.81, 32.89, 0.1),
    ("张掖", 100.45, 38.93, 0.05),
    ("哈密", 93.51, 42.82, 0.04),
    ("漳州", 117.65, 24.51, 0.06),
)
PAGE = """<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="style.css"><style>body{margin:0}
insights-map{height:100vh}</style><insights-map data-url="data.json" base-url="base.json" mode="full"></insights-map>
<script src="map.js"></script>"""
COUNT = """(milliseconds) => new Promise((done) => {
  let frames = 0;
  const put = CanvasRenderingContext2D.prototype.putImageData;
  CanvasRenderingContext2D.prototype.putImageData = function (...words) { frames += 1; return put.apply(this, words); };
  const begun = performance.now();
  setTimeout(() => done((frames * 1000) / (performance.now() - begun)), milliseconds);
})"""


def measure(people: int, small: int) -> list[Result]:
    """One row: the slowest of three counts."""
    with tempfile.TemporaryDirectory() as folder:
        _lay_out(Path(folder))
        port = free_port()
        server = subprocess.Popen(
            [sys.executable, "-m", "http.server", str(port), "-d", folder, "--bind", "127.0.0.1"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            frames = [_frames(port) for _ in range(3)]
        finally:
            server.terminate()
    least, share = min(frames), round(min(frames) / AIM, 2)
    name, note = f"地图岛每秒帧数（{SPARKS} 簇火，无 GPU）", f"the slowest of three: {least:.0f}–{max(frames):.0f}"
    return [Result(name, "—", f"{least:.0f} 帧/s", f"≥ {AIM} 帧/s", share, share, share, 1.0, least >= AIM, note)]


def _lay_out(folder: Path) -> None:
    chance = random.Random(1)
    cells = []
    for name, lon, lat, share in SITES:
        kinds = [0] * 7
        for _ in range(int(SPARKS * share)):
            kinds[chance.choices(range(7), (3, 2, 1, 2, 2, 1, 6))[0]] += 1
        cells.append([lon, lat, sum(kinds), *kinds, name, name])
    answer = {"as_of": "2026-11-22T10:00:00", "live": True, "total": SPARKS, "away": 0, "names": True, "cells": cells}
    (folder / "data.json").write_text(json.dumps(answer))
    (folder / "index.html").write_text(PAGE)
    frontend = ROOT / "frontend"
    shutil.copy(frontend / "islands/insights-map/style.css", folder)
    shutil.copy(ROOT / "liaoyuan/kernel/ui/static/dist/map/base.json", folder)
    subprocess.run(
        ["npx", "esbuild", "islands/insights-map/index.ts", "--bundle", "--minify", "--target=chrome70",
         f"--outfile={folder / 'map.js'}", "--log-level=error"],
        cwd=frontend, check=True, capture_output=True,
    )  # fmt: skip


def _frames(port: int) -> float:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"http://127.0.0.1:{port}/")
        page.wait_for_selector("insights-map[data-total]")
        page.wait_for_timeout(800)
        frames = page.evaluate(COUNT, SECONDS * 1000)
        browser.close()
    return frames
