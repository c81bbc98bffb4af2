"""The decisions that meetings take: which rule of quorum and majority, which ballot, which agenda."""

from dataclasses import dataclass

HANDHELD, PAPER, HANDS = "handheld", "paper", "show_of_hands"


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """One kind of decision. ``quorum`` and ``majority`` are ids of parameters in the regulations (their names say
    whether the share must be exceeded or reached); ``quorum_fact`` and ``majority_fact`` the rows of the rules table
    that a refusal cites. ``of_present``: the majority is of those present. ``written``: opinions received before the
    opening count. ``secret``: hands may not be raised. ``one_person``: one motion a person (DM-29). ``temporary``:
    whether a temporary branch may decide it; ``agenda``: what must have taken place before the vote."""

    id: str
    label: str
    quorum: str
    majority: str
    quorum_fact: str
    majority_fact: str
    meetings: frozenset[str]
    of_present: bool = False
    written: bool = False
    secret: bool = False
    one_person: bool = False
    temporary: bool = True
    temporary_fact: str = ""
    agenda: tuple[str, ...] = ()


AGENDA = {
    "subject_report": "发展对象汇报对党的认识、入党动机、本人履历、家庭和主要社会关系等情况",
    "introducers": "入党介绍人介绍情况，并对其能否入党表明意见",
    "committee_report": "支部委员会报告审查情况",
    "discussion": "与会党员充分讨论",
}

_BRANCH = frozenset({"general_meeting"})
_NOT_COMMITTEE = frozenset(
    {"general_meeting", "group_meeting", "party_class", "theme_day", "life_meeting", "democratic_review"}
)

RULES: dict[str, DecisionRule] = {
    rule.id: rule
    for rule in (
        DecisionRule(
            id="admission",
            label="接收预备党员",
            quorum="admission.quorum_more_than",
            majority="admission.majority_more_than",
            quorum_fact="DM-24",
            majority_fact="DM-27",
            meetings=_BRANCH,
            written=True,
            secret=True,
            one_person=True,
            temporary=False,
            temporary_fact="DM-33",
            agenda=("subject_report", "introducers", "committee_report", "discussion"),
        ),
        DecisionRule(
            id="conversion",
            label="预备党员转正",
            quorum="admission.quorum_more_than",
            majority="admission.majority_more_than",
            quorum_fact="DM-24",
            majority_fact="DM-27",
            meetings=_BRANCH,
            written=True,
            secret=True,
            one_person=True,
            temporary=False,
            temporary_fact="DM-33",
            agenda=("committee_report", "discussion"),
        ),
        DecisionRule(
            id="general",
            label="一般事项",
            quorum="branch.quorum_at_least",
            majority="branch.majority_more_than",
            quorum_fact="MT-10",
            majority_fact="MT-11",
            meetings=_NOT_COMMITTEE,
        ),
        DecisionRule(
            id="committee",
            label="委员会决定",
            quorum="branch.committee_quorum_at_least",
            majority="meeting.committee_majority_more_than",
            quorum_fact="MT-12",
            majority_fact="MT-12",
            meetings=frozenset({"committee_meeting"}),
        ),
        DecisionRule(
            id="election",
            label="选举",
            quorum="election.quorum_at_least",
            majority="election.elected_more_than",
            quorum_fact="MT-14",
            majority_fact="MT-15",
            meetings=_BRANCH | {"committee_meeting"},
            of_present=True,
            secret=True,
            one_person=True,
            temporary=False,
            temporary_fact="TB-04",
        ),
    )
}


def strict(parameter: str) -> bool:
    """Whether the share of a parameter must be exceeded: its name says so."""
    return parameter.endswith("more_than")


def missing_agenda(rule: DecisionRule, done: frozenset[str]) -> tuple[str, ...]:
    """What has not taken place before the vote, in order and in words (DM-25)."""
    return tuple(AGENDA[item] for item in rule.agenda if item not in done)
