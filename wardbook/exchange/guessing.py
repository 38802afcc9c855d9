"""Which column of a file is probably which field, by its name. No database."""

from collections.abc import Iterable

from wardbook.lib.fold import fold

# What other tools call it, folded and without spaces, lines and dots.
_PERSON = {
    "name": "name fullname displayname constituent constituentname resident residentname person contact contactname",
    "given_name": "givenname firstname forename forenames christianname",
    "family_name": "familyname lastname surname",
    "title": "title salutation prefix",
    "organisation": "organisation organization company employer",
    "phone": "phone tel telephone telephonenumber phonenumber homephone landline phone1 phone1value",
    "mobile": "mobile mobilephone cell cellphone mobilenumber",
    "email": "email mail emailaddress email1 email1value emailaddress1",
    "address": "address homeaddress fulladdress address1 addressline1 street",
    "postcode": "postcode zip zipcode postalcode homepostalcode",
}
_CONTACT = {
    "id": "id contactid personid externalid reference ref",
    "language": "language preferredlanguage",
    "needs": "needs accessneeds communicationneeds",
    "do_not_call": "donotcall donotphone nocalls",
    "do_not_mail": "donotmail donotpost nomail",
    "do_not_email": "donotemail noemail",
}
_CASE = {
    "id": "id caseid casenumber number reference ref caseref casereference externalid requestid srnumber ticket",
    "description": "description subject title summary matter issue casetitle casesubject",
    "notes": "notes details note body comments longdescription",
    "opened": "opened openedon dateopened created createdon createdat createddate startdate datereceived received",
    "closed": "closed closedon dateclosed closeddate enddate",
    "updated": "updated lastupdated updateddate modified modifiedon",
    "status": "status state casestatus",
    "outcome": "outcome resolution result",
    "priority": "priority urgency",
    "policy_area": "policyarea area department",
    "category": "category casecategory type casetype requesttype subtype",
    "contact_type": "contacttype channel method requestsource howreceived source",
    "tags": "tags labels keywords",
    "owner": "owner assignedto assignee caseworker officer caseofficer handler",
    "team": "team group",
    "place": "place location problemaddress siteaddress",
    "ward": "ward district electoralward",
    "constituent.phone": "phone tel telephone",
    "constituent.email": "email mail emailaddress",
    "constituent.name": "name fullname constituent constituentname resident contactname",
    "constituent.given_name": "firstname givenname forename",
    "constituent.family_name": "lastname surname familyname",
    "constituent.address": "address homeaddress",
    "constituent.postcode": "postcode zip zipcode postalcode",
}
_WORDS = {"contacts": _PERSON | _CONTACT, "cases": _CASE}


def guess(columns: Iterable[str], *, kind: str) -> dict[str, str]:
    """{column: field} for those whose name tells; each field at most once, the first column that fits."""
    fields = {word: field for field, words in reversed(_WORDS[kind].items()) for word in words.split()}
    found: dict[str, str] = {}
    for column in columns:
        field = fields.get("".join(sign for sign in fold(column) if sign.isalnum()))
        if field and field not in found.values():
            found[column] = field
    return found
