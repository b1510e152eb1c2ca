"""What browsers are told to allow."""

from __future__ import annotations

import pytest

from mnist_demo.errors import InvalidSetting
from mnist_demo.ui.doors.policy import check_sites, content_policy


def test_policy_names_no_other_host():
    """Nothing is fetched from elsewhere, and no other site shows the pages."""
    policy = content_policy("localhost:8501")
    assert "*" not in policy
    assert policy.count("//") == 2  # the WebSocket, open and encrypted
    assert "ws://localhost:8501 wss://localhost:8501" in policy
    assert policy.endswith("frame-ancestors 'self'")


def test_streamlits_own_script_is_allowed_by_its_hash():
    """Scripts in the page are not allowed in general."""
    scripts = next(part for part in content_policy("a").split("; ") if part.startswith("script-src"))
    assert "'sha256-" in scripts
    assert "'unsafe-inline'" not in scripts


def test_site_that_is_set_may_show_the_pages():
    """Beside our own."""
    sites = ("https://moodle.school.example",)
    check_sites(sites)
    assert content_policy("a", sites).endswith("frame-ancestors 'self' https://moodle.school.example")


@pytest.mark.parametrize("site", ["*", "javascript:x", "https://a.example/path", "a;script-src", "'none'"])
def test_what_is_no_site_is_refused(site: str):
    """It would be another rule."""
    with pytest.raises(InvalidSetting):
        check_sites((site,))
