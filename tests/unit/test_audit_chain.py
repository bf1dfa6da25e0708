"""The chain over the audit log: what it notices, and what only anchors notice."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain.audit_chain import START, Anchor, Break, Event, Link, Segment, link_hash, verify

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
Chain = list[tuple[Link, Event | None]]


def make_chain(length: int) -> Chain:
    chain: Chain = []
    previous = START
    for number in range(1, length + 1):
        happened = NOON + timedelta(seconds=number)
        event = Event(number + 100, "key.created", 7, f"key:{number}", "r", {"n": 1}, happened)
        previous = link_hash(previous, event)
        chain.append((Link(number, event.id, previous), event))
    return chain


def head_of(chain: Chain) -> tuple[int, str]:
    return chain[-1][0].number, chain[-1][0].hash


def anchor_of(chain: Chain, number: int) -> Anchor:
    return Anchor(number, chain[number - 1][0].hash, NOON + timedelta(hours=1))


def test_a_whole_chain_has_no_fault() -> None:
    chain = make_chain(5)
    report = verify(chain, head_of(chain), anchors=[anchor_of(chain, 3), anchor_of(chain, 5)])
    assert (report.sealed, report.anchors, report.faults) == (5, 2, [])


def test_an_empty_log_has_no_fault() -> None:
    beginning = Anchor(0, START, NOON)
    assert verify([], (0, START), anchors=[beginning]).faults == []
    chain = make_chain(2)
    assert verify(chain, head_of(chain), anchors=[beginning]).faults == [], "noted before any event"


def test_every_field_of_an_event_is_sealed() -> None:
    event = make_chain(1)[0][1]
    assert event is not None
    changes = [
        {"id": 1},
        {"kind": "x"},
        {"actor_id": None},
        {"subject": "x"},
        {"request_id": "x"},
        {"facts": {"n": 2}},
        {"happened_at": NOON},
    ]
    sealed = link_hash(START, event)
    assert all(link_hash(START, replace(event, **change)) != sealed for change in changes)


def test_an_edited_event_is_found() -> None:
    chain = make_chain(5)
    link, event = chain[2]
    assert event is not None
    chain[2] = (link, replace(event, actor_id=8))
    assert verify(chain, head_of(chain)).faults == [
        "link 3 does not fit: event 103 or an order was changed"
    ]


def test_a_deleted_event_is_found_with_and_without_its_link() -> None:
    chain = make_chain(5)
    only_event = [*chain[:2], (chain[2][0], None), *chain[3:]]
    assert verify(only_event, head_of(chain)).faults == ["event 103, sealed by link 3, is gone"]
    both = [*chain[:2], *chain[3:]]
    assert "links 3 to 3 are missing" in verify(both, head_of(chain)).faults


def test_reordering_is_found() -> None:
    chain = make_chain(5)
    (one, first), (two, second) = chain[1], chain[2]
    chain[1], chain[2] = (one, second), (two, first)
    assert len(verify(chain, head_of(chain)).faults) == 2


def test_truncation_with_a_forged_head_is_found_by_an_anchor_only() -> None:
    chain = make_chain(5)
    cut = chain[:3]
    assert verify(cut, head_of(chain)).faults != [], "the head still names the end"
    assert verify(cut, head_of(cut)).faults == [], "a chain alone cannot know"
    faults = verify(cut, head_of(cut), anchors=[anchor_of(chain, 5)]).faults
    assert faults == ["link 5, noted elsewhere on 2026-11-25, is gone"]


def test_a_rewritten_chain_is_found_by_an_anchor() -> None:
    chain = make_chain(5)
    other: Chain = []
    previous = START
    for link, event in chain:
        assert event is not None
        forged = replace(event, actor_id=1)
        previous = link_hash(previous, forged)
        other.append((replace(link, hash=previous), forged))
    assert verify(other, head_of(other)).faults == []
    assert verify(other, head_of(other), anchors=[anchor_of(chain, 4)]).faults == [
        "link 4, noted elsewhere on 2026-11-25, was changed"
    ]


def test_a_segment_removed_on_purpose_is_no_fault_and_its_end_can_be_anchored() -> None:
    chain = make_chain(6)
    segments = [Segment(1, 2, chain[1][0].hash), Segment(3, 4, chain[3][0].hash)]
    report = verify(chain[4:], head_of(chain), segments, [anchor_of(chain, 4)])
    assert (report.sealed, report.removed, report.faults) == (2, 4, [])
    assert verify(chain[4:], head_of(chain), segments[:1]).faults != []


def test_a_restored_backup_explains_older_anchors_and_no_later_ones() -> None:
    chain = make_chain(5)
    cut = chain[:3]
    acknowledged = [Break(3, NOON + timedelta(hours=2))]
    report = verify(cut, head_of(cut), anchors=[anchor_of(chain, 5)], breaks=acknowledged)
    assert (report.acknowledged, report.faults) == (1, [])
    later = Anchor(5, chain[4][0].hash, NOON + timedelta(hours=3))
    assert verify(cut, head_of(cut), anchors=[later], breaks=acknowledged).faults != []
    before_the_end = replace(anchor_of(chain, 2), hash="f" * 64)
    assert verify(cut, head_of(cut), anchors=[before_the_end], breaks=acknowledged).faults != []
