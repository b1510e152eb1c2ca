"""Who has been away for too long, by a clock that the test holds."""

from mnist_demo.jobs.presence import GONE_SECONDS, Presence


class Watch:
    """A clock that stands still, and people who come and go."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.there: set[str] = set()
        self.presence = Presence(lambda owner: owner in self.there, lambda: self.seconds)


def test_nobody_is_gone_before_half_a_minute():
    """A page is loaded again, or a phone has lost the network."""
    watch = Watch()
    watch.presence.see("ana")
    watch.seconds += GONE_SECONDS
    assert watch.presence.gone({"ana"}) == set()
    watch.seconds += 1
    assert watch.presence.gone({"ana"}) == {"ana"}


def test_who_is_there_is_not_gone():
    """However long ago they pressed Train; the half minute begins when their page has gone."""
    watch = Watch()
    watch.presence.see("ana")
    watch.there = {"ana"}
    watch.seconds += 1000
    assert watch.presence.gone({"ana"}) == set()
    watch.there = set()
    watch.seconds += GONE_SECONDS
    assert watch.presence.gone({"ana"}) == set()
    watch.seconds += 1
    assert watch.presence.gone({"ana"}) == {"ana"}


def test_somebody_unknown_has_half_a_minute_from_now():
    """They were forgotten while nobody asked for them."""
    watch = Watch()
    assert watch.presence.gone({"ana"}) == set()
    watch.seconds += GONE_SECONDS + 1
    assert watch.presence.gone({"ana"}) == {"ana"}


def test_those_who_wait_no_longer_are_forgotten():
    """A server runs for weeks."""
    watch = Watch()
    watch.presence.see("ana")
    watch.presence.gone(())
    watch.seconds += GONE_SECONDS + 1
    assert watch.presence.gone({"ana"}) == set()
