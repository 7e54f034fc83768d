"""Parts of a core's answers about wishes to see more, decisions and appeals, about invented people."""

DOCUMENT = "0b8f3a52-5e19-4c41-9c0d-0f6a1b2c3d4e"
_WAY = {"by": "2031-03-25", "how": "Skriv hva du er uenig i."}
_APPEAL = {
    "id": "k-1",
    "at": "2031-03-04T09:30:00Z",
    "state": "seen",
    "opened_by": "Kari",
    "body": "Jeg er uenig.",
    "answer_by": "2031-04-01",
    "result": None,
    "text": None,
}
REQUEST = {
    "id": "w-1",
    "at": "2031-03-01T08:00:00Z",
    "state": "answered",
    "opened_by": "Kari",
    "body": "Jeg vil lese alt.",
    "answer_by": None,
    "answer": {
        "outcome": "no",
        "text": "Vi kan snakke om det.",
        "reason": "Noe kan vi ikke vise til alle.",
        "legal_basis": "loven § 1",
        "answered_on": "2031-03-03",
        "answered_by": "Kari",
    },
    "appeal_way": _WAY,
    "appeals": [_APPEAL, {**_APPEAL, "id": "k-2", "result": "upheld", "text": "Det blir som før."}],
}
CLASSIFICATIONS = [
    {
        "item_id": "m-1",
        "item_class": "report_of_concern",
        "reason": "Barnet er redd.",
        "decided_by": "Kari",
        "at": "2031-03-03T12:00:00Z",
        "received_at": "2031-03-03T10:00:00Z",
        "look_at_by": "2031-03-10",
    }
]
DECISION = {
    "id": "decision-1",
    "bears_place": False,
    "for_all": True,
    "named": False,
    "about_moving": True,
    "dated": "2031-03-01",
    "title": "Du skal bo hos mormor",
    "explanation": "Vi har bestemt at du skal bo hos mormor en stund.",
    "document_id": DOCUMENT,
    "appeal_way": _WAY,
    "appeals": [_APPEAL],
}
WAITING = {
    **REQUEST,
    "id": "w-2",
    "state": "registered",
    "answer_by": "2031-03-20",
    "answer": None,
    "appeal_way": None,
    "appeals": [],
}
_WORDING = {"text": "Svømming hver uke", "responsible": "Kari", "state": "planned", "until": None}
NEWS = {
    "since": "2031-02-20",
    "items": [
        {
            "id": "measure-1",
            "target_type": "measure",
            "now": {**_WORDING, "text": "Fotball hver uke", "state": "ongoing", "until": "2031-06-01"},
            "before": _WORDING,
            "bears_place": False,
            "for_all": True,
            "named": False,
        }
    ],
}
