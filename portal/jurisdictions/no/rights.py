"""Norway: what one has a right to, phase by phase, and who looks after that outside the service."""

from __future__ import annotations

from portal.domain.case import Phase
from portal.jurisdictions.rights import Outside, Right, RightCode
from portal.texts import N_, NP_

OUTSIDE = (
    Outside(
        N_("The County Governor"),
        NP_(
            "child",
            "They check that we follow the law. You can write or call them yourself.",
        ),
        N_("Supervises that the service follows the law, and decides appeals. You can turn to them yourself."),
        None,
        None,
        "statsforvalteren.no",
        "supervision",
    ),
    Outside(
        N_("The Ombudsperson for Children"),
        NP_("child", "They speak up for children. They can tell you what your rights are."),
        N_("Speaks up for children in Norway, and can tell what their rights are."),
        "22 99 39 50",
        "+4722993950",
        "barneombudet.no",
        "ombudsperson",
    ),
)

_FINDING_OUT = frozenset({Phase.RECEIVED, Phase.SCREENING, Phase.INVESTIGATION})
_HELP = frozenset({Phase.PLANNING, Phase.SUPPORT, Phase.REVIEW})
_AWAY = frozenset({Phase.PLACEMENT})
_TITLE_CHILD = NP_("child", "Do I have to?")
_TITLE = N_("What is voluntary")

RIGHTS = (
    Right(
        RightCode.VOLUNTARY,
        _TITLE_CHILD,
        NP_("child", "We have to find out how you are. You choose what you tell us. You need not answer."),
        _TITLE,
        N_(
            "The service may look into how the child is without your consent, and must be as gentle as it can. What "
            "you tell us is up to you."
        ),
        "investigation",
        _FINDING_OUT,
    ),
    Right(
        RightCode.VOLUNTARY,
        _TITLE_CHILD,
        NP_(
            "child",
            "Most help is something your family says yes to. You can say what you think at any time. You can change "
            "your mind. Has a court decided it? Then we tell you.",
        ),
        _TITLE,
        N_(
            "Help at home is as a rule voluntary. You can say no, and you can change your mind later. Where the "
            "tribunal has decided it, the decision says so."
        ),
        "voluntary",
        _HELP,
        can_end=True,
    ),
    Right(
        RightCode.VOLUNTARY,
        _TITLE_CHILD,
        NP_(
            "child",
            "Where you live is decided. You can say what you think at any time. You can ask for a change.",
        ),
        _TITLE,
        N_("The decision says whether living away from home was agreed to or decided by the tribunal. Ask us which."),
        "voluntary",
        _AWAY,
    ),
    Right(
        RightCode.LAWYER,
        NP_("child", "Can I have a lawyer?"),
        NP_("child", "A lawyer helps you say what you want. Ask us. We find out if you can have one, and who pays."),
        N_("A lawyer"),
        N_("You can have a lawyer with you at any time. In some cases the state pays. Ask us before you pay anything."),
        "represents",
    ),
    Right(
        RightCode.SUPPORT_PERSON,
        NP_("child", "Can someone be with me?"),
        NP_("child", "Yes. You can bring an adult you trust. You choose who. Tell us, and we ask them."),
        N_("Somebody with you"),
        N_("You can bring somebody you trust to a meeting. Your child can choose an adult, too."),
        "participation",
    ),
    Right(
        RightCode.INTERPRETER,
        NP_("child", "Can I speak my own language?"),
        NP_(
            "child",
            "Yes. We find someone who speaks it. It costs nothing. You never have to do it for adults.",
        ),
        N_("An interpreter"),
        N_("You can have an interpreter. It costs you nothing. Children never interpret for adults."),
        "interpreter",
    ),
    Right(
        RightCode.COMPLAINT,
        NP_("child", "Can I disagree?"),
        NP_("child", "Yes. Say so here, or to someone you trust. Then someone else looks at what was decided."),
        N_("Appeals and complaints"),
        N_("A decision can be appealed: it says until when. You can also say that you were not met well."),
        "appeal_time",
    ),
    Right(
        RightCode.ACCESS,
        NP_("child", "Can I see what you write?"),
        NP_("child", "You can ask. Sometimes we have to say no. Then we say why."),
        N_("Reading what is written"),
        N_("You can ask to read what is written about you. If the answer is no, it says why and how to appeal."),
        "withholding",
    ),
)
