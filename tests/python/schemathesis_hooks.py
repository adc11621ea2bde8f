"""What Schemathesis is told by code, since its settings have no word for it."""

import schemathesis

# More than this much of the ledger every demonstration has.
REVISIONS = 100
# Fields that ask for so much of it.
ASKED_FOR = ("min_revision", "since")


@schemathesis.hook("before_call")
def ask_for_what_there_is(context, case, kwargs):
    """A revision that the ledger has not come to is 503, `behind`, and no fault: what is drawn is made one that there is. What is no
    revision is left as it is, and has to be refused."""
    with_revisions_that_there_are(case.body)


def with_revisions_that_there_are(value):
    if isinstance(value, list):
        for one in value:
            with_revisions_that_there_are(one)
    elif isinstance(value, dict):
        for key, one in value.items():
            # 5.0 is an integer too, for JSON Schema.
            is_number = isinstance(one, (int, float)) and not isinstance(one, bool)
            if key in ASKED_FOR and is_number and 0 <= one < 2**64 and one == int(one):
                value[key] = one % REVISIONS
            else:
                with_revisions_that_there_are(one)
