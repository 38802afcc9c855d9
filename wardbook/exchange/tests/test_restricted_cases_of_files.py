"""Cases of a type whose cases are restricted come in restricted, whichever column says of which type (S3.35)."""

from wardbook.cases.models import Case
from wardbook.exchange.tests.conftest import HEADER, MONDAY, fields
from wardbook.offices.factories import ManagerFactory, MembershipFactory
from wardbook.vocabulary.actions import add_value, merge
from wardbook.vocabulary.models import CaseType, SubType


def test_an_imported_case_of_such_a_type_is_seen_only_by_those_who_may(bring_in, office):
    add = {"by": None, "at": MONDAY}
    guarded = add_value(CaseType, office, name="Safeguarding", restricts=True, **add)
    add_value(CaseType, office, name="Ordinary", **add)
    add_value(SubType, office, name="A child at risk", case_type=guarded, **add)
    anna = MembershipFactory(office=office, role="caseworker")
    boss = ManagerFactory(office=office)
    using = fields(
        'owner = "Who"\nsub_type = "Sub"\nrestricted = "R"\n'
        'case_type = {column="Sort", values={"SG" = "Safeguarding"}}'
    )
    row = "{},Lamp,01/06/2025,,live,{},{},{},{}"
    rows = [
        row.format("typed", "safeguarding", "", "no", ""),
        row.format("matched", "SG", "", "", ""),
        row.format("by-sub-type", "", "A child at risk", "", ""),
        row.format("hers", "SG", "", "", anna.user.email),
        row.format("told", "Ordinary", "", "yes", ""),
        row.format("open", "Ordinary", "", "", ""),
        row.format("untyped", "", "", "", ""),
    ]
    outcome, said = bring_in(*rows, header=f"{HEADER},Sort,Sub,R,Who", using=using, by=boss.user)
    assert (outcome.made, said) == (7, [])

    def ids(cases):
        return set(cases.values_list("source_id", flat=True))

    assert ids(Case.objects.filter(is_restricted=True)) == {"typed", "matched", "by-sub-type", "hers", "told"}
    assert ids(Case.objects.visible_to(anna)) == {"hers", "open", "untyped"}
    assert len(ids(Case.objects.visible_to(boss))) == 7


def test_a_type_that_was_merged_into_such_a_one_restricts_too(bring_in, office):
    add = {"by": None, "at": MONDAY}
    guarded = add_value(CaseType, office, name="Safeguarding", restricts=True, **add)
    merge(add_value(CaseType, office, name="Child protection", **add), guarded, **add)
    bring_in("1,Lamp,01/06/2025,,live,Child protection", header=f"{HEADER},Sort", using=fields('case_type = "Sort"'))
    case = Case.objects.get()
    assert (case.case_type, case.is_restricted) == (guarded, True)
