"""The questions of asking for help. They ask how to help, never for evidence (rules.md, safety 9)."""

from __future__ import annotations

from portal.jurisdictions.pack import Choice, Question
from portal.texts import N_, NP_

_SAFE_NOW = Question(
    "safe_now",
    NP_("child", "Are you safe right now?"),
    NP_("child", "If you are not safe, call first. You can write after."),
    (
        Choice("yes", NP_("child", "Yes")),
        Choice("no", NP_("child", "No")),
        Choice("unsure", NP_("child", "I do not know")),
    ),
)

_READ_TODAY = Question(
    "read_today",
    NP_("child", "Does someone need to read this today?"),
    NP_("child", "We read it sooner if you say yes."),
    (
        Choice("yes", NP_("child", "Yes, today")),
        Choice("no", NP_("child", "No, it can wait some days")),
        Choice("unsure", NP_("child", "I do not know")),
    ),
)

CHILD_QUESTIONS = (
    Question(
        "situation",
        NP_("child", "What is it about?"),
        NP_("child", "Pick what fits best. You can skip this."),
        (
            Choice("afraid_at_home", NP_("child", "I am afraid at home")),
            Choice("hurt", NP_("child", "Someone hurts me")),
            Choice("online", NP_("child", "Someone online pressures me")),
            Choice("alone", NP_("child", "Nobody looks after me")),
            Choice("sibling", NP_("child", "I worry about a brother or sister")),
            Choice("parent", NP_("child", "A parent drinks or is ill")),
            Choice("ran_away", NP_("child", "I ran away")),
            Choice("else", NP_("child", "Something else")),
            Choice("ask", NP_("child", "I just want to ask")),
        ),
    ),
    _SAFE_NOW,
    _READ_TODAY,
    Question(
        "reach",
        NP_("child", "How can we reach you?"),
        NP_("child", "Write when and how. Write what we can say if someone else answers."),
        (
            Choice("here", NP_("child", "Answer me here")),
            Choice("call", NP_("child", "Call me")),
            Choice("school", NP_("child", "Talk to me at school")),
        ),
        words=True,
    ),
    Question(
        "tell",
        NP_("child", "Do you want to tell us something?"),
        NP_("child", "You choose what to tell. You do not have to."),
        words=True,
    ),
)

ADULT_QUESTIONS = (
    Question(
        "situation",
        N_("What would you like help with?"),
        N_("Pick what fits best. You can skip this."),
        (
            Choice("family", N_("We need help at home")),
            Choice("child", N_("I am worried about my child")),
            Choice("myself", N_("I am struggling, and it affects the children")),
            Choice("violence", N_("Someone at home frightens us")),
            Choice("else", N_("Something else")),
            Choice("ask", N_("I just want to ask")),
        ),
    ),
    Question(
        "safe_now",
        N_("Are you and the children safe right now?"),
        N_("If you are not safe, call first. You can write afterwards."),
        (Choice("yes", N_("Yes")), Choice("no", N_("No")), Choice("unsure", N_("I do not know"))),
    ),
    Question(
        "read_today",
        N_("Does someone need to read this today?"),
        N_("We read it sooner if you say yes."),
        (
            Choice("yes", N_("Yes, today")),
            Choice("no", N_("No, it can wait some days")),
            Choice("unsure", N_("I do not know")),
        ),
    ),
    Question(
        "reach",
        N_("How can we reach you safely?"),
        N_("Write when and how, and what we may say if someone else answers."),
        (Choice("here", N_("Answer me here")), Choice("call", N_("Call me"))),
        words=True,
    ),
    Question(
        "tell",
        N_("Is there anything you want to tell us?"),
        N_("You choose what to tell. You can leave it empty."),
        words=True,
    ),
)
