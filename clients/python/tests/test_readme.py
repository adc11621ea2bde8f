"""The examples of the README, run as they stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import Demo

from nattoku import Client, RequirePermission

BLOCKS = re.findall(r"```python\n(.*?)```", Path(__file__).parent.with_name("README.md").read_text("utf-8"), re.S)


def test_the_examples_run(demo: Demo, capsys: pytest.CaptureFixture[str]) -> None:
    with Client(demo.url, demo.token) as nattoku:
        nattoku.grant("sakura", "partner_sharing", channel="app", language="ja")
    told = {"address": demo.url, "token": demo.token}
    assert len(BLOCKS) == 3
    for block in BLOCKS:
        exec(block, told)
    assert "give the purchase history" in capsys.readouterr().out
    assert isinstance(told["application"], RequirePermission)
