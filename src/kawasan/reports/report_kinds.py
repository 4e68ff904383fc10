"""The reports that are written about a programme, and what each tells of."""

from collections.abc import Mapping

from kawasan.core.text import Labelled, _


class ReportKind(Labelled):
    """From the university and the office; the last goes to the ministry."""

    INCEPTION = "inception", _("Inception report")
    INTERIM = "interim", _("Interim report")
    FINAL = "final", _("Final report")
    MINISTRY = "ministry", _("Final report to the ministry")


class Section(Labelled):
    """In the order in which a report has them."""

    SUMMARY = "summary", _("The programme in numbers")
    AREA = "area", _("The area and its five resources")
    CHAIN = "chain", _("The value chain and its bottlenecks")
    APPLICANTS = "applicants", _("Who applied, and who was refused")
    DRAW = "draw", _("The draw of the seats")
    GROUPS = "groups", _("Groups, mentors and training")
    ASSISTANCE = "assistance", _("Assistance, step by step")
    RESULTS = "results", _("Enterprises, buyers and results")
    PARTS = "parts", _("Results by sex, age, kecamatan, field and disability")
    EFFECT = "effect", _("What a seat changed")
    UNEMPLOYMENT = "unemployment", _("Jobs and the open unemployment rate")
    LASTING = "lasting", _("Whether it lasts")


SECTIONS: Mapping[ReportKind, tuple[Section, ...]] = {
    ReportKind.INCEPTION: (Section.SUMMARY, Section.AREA, Section.CHAIN, Section.APPLICANTS),
    ReportKind.INTERIM: (
        Section.SUMMARY,
        Section.CHAIN,
        Section.APPLICANTS,
        Section.DRAW,
        Section.GROUPS,
        Section.ASSISTANCE,
    ),
    ReportKind.FINAL: tuple(Section),
    ReportKind.MINISTRY: (
        Section.SUMMARY,
        Section.APPLICANTS,
        Section.DRAW,
        Section.GROUPS,
        Section.ASSISTANCE,
        Section.RESULTS,
        Section.PARTS,
        Section.EFFECT,
        Section.UNEMPLOYMENT,
        Section.LASTING,
    ),
}
