# The words of the pages in English. The same keys stand in ja.ftl; one name for one thing everywhere.

skip = Skip to the content
nav = Site
nav-home = Home
nav-data = What is held
nav-choices = Uses and consent
nav-recipients = Who receives it
nav-record = Claims and record
nav-notice = Privacy policy
dashboard = Personal Data Dashboard
sign-out = Sign out
breadcrumb = You are here
contents = Contents
pages = Other pages
permalink = Permanent link to this section: { $x }
list-comma = ,{" "}
from-to = { $x } to { $y }
month-day = { $y } { $x }
month-1 = Jan
month-2 = Feb
month-3 = Mar
month-4 = Apr
month-5 = May
month-6 = Jun
month-7 = Jul
month-8 = Aug
month-9 = Sep
month-10 = Oct
month-11 = Nov
month-12 = Dec
weekday-1 = Mondays
weekday-2 = Tuesdays
weekday-3 = Wednesdays
weekday-4 = Thursdays
weekday-5 = Fridays
weekday-6 = Saturdays
weekday-7 = Sundays
period-years = { $n ->
        [one] { $n } year
       *[other] { $n } years
    }
period-months = { $n ->
        [one] { $n } month
       *[other] { $n } months
    }
period-days = { $n ->
        [one] { $n } day
       *[other] { $n } days
    }
as-of = As of { $x }
everything = everything

footer-ask = Ask us
footer-bodies = Accredited bodies that take complaints
footer-regulators = Regulator you can turn to
footer-about = About this site
toll = (calls are charged)
toll-free = (free of charge)
desk-hours = Open { $x } to { $y }
desk-holidays = public holidays
desk-closed = Closed: { $x }
open-now = Open now
closed-now = Closed now

# Home
home-title = Your data
tile-held = What is held
tile-held-unit = kinds
tile-held-remark = { $n ->
        [one] from { $n } source
       *[other] from { $n } sources
    }
tile-given = You allowed
tile-given-unit = of { $n }
tile-given-remark = You can change your answer at any time
tile-stopped = You stopped
tile-stopped-unit = of { $n }
tile-stopped-remark = You can resume at any time
tile-recipients = Who received it
tile-recipients-unit = so far
tile-recipients-remark = { $n ->
        [0] Nothing has been passed on so far
       *[other] See who got what
    }
governing = Version { $y } governs { $x },{" "}
data-before = your data acquired before { $x }
data-from = your data acquired on or after { $x }
data-all = all your data
because-all = because it is the version in force.
because-was = because you were in “{ $y }” on or after { $x }.
because-was-not = because you have not been in “{ $y }” on or after { $x }.
because-new = because it was acquired on or after { $x }, in “{ $y }” or not.
because-unknown = but a person checks first, as “{ $y }” on or after { $x } is not on record.
because-text-absent = {" "}The text of that version was not kept, so a person decides before any use.
read-notice = Read the privacy policy
recent = What happened last
all-history = See the whole record
nothing-yet = Nothing has been recorded yet.
what-you-can-do = What you can do
do-choices = See and change uses and consent
do-data = See what is held about you
do-recipients = See who receives your data
do-notice = Read the privacy policy
to-home = Go home
to-notice = Go to the privacy policy

# What is held
data-title = What is held
data-lead = The kinds of data held about you: where they came from, which version of the policy governs them, and how long they are kept.
data-none = Nothing is recorded as held about you.
acquired = Acquired
where-from = Where from
governing-version = Governed by
kept = Kept
origin-direct = From you
origin-automatic = Automatically
origin-indirect = From others
acquisitions = { $n ->
        [one] Acquired once
       *[other] Acquired { $n } times
    }
entrusted-by = {" "}(entrusted by { $x })
kept-until = until { $x }
kept-ended = past its retention since { $x }: no longer used; to be erased
kept-after-end = { $x } after your contract or membership ends
kept-no-rule = while a purpose needs it
used-for = { $n ->
        [0] Not used for anything now
        [one] Open the use permitted now
       *[other] Open the { $n } uses permitted now
    }
not-held = What is not held
not-held-lead = Nothing of these kinds is recorded as acquired about you.
class-special-care = Needs special care (special care-required data)
class-communications-secrecy = Secrecy of communications
class-referral = Identifies nobody by itself (personal-related)
class-identifier = Identifies you
class-my-number = Individual Number
class-location = Location
class-financial = Money and credit

# Uses and consent
choices-title = Uses and consent
choices-lead = What you answered and what you can stop, purpose by purpose. What cannot be stopped stands below.
group-consents = Used only if you allow it
group-lead-consents = Not used until you allow it. You can change your answer at any time.
group-choices = What you can stop
group-lead-choices = We told you of these. Those in use are marked. If you stop one, it is not used from then on.
group-locked = Cannot be stopped
group-lead-locked = Listed with the reason.
consent-given = You allowed this
consent-withdrawn = You stopped this
consent-never-asked = We have not asked
consent-expired = Expired
consent-wording-replaced = The text changed (not used now)
consent-not-counted = Not used yet (needs a check)
choice-in-use = In use (you can stop it)
choice-stopped = Stopped
choice-locked = Needed, cannot be stopped
last-change = Last change
never-changed = Never changed
data-used = Data used
data-used-now = Data used now
who-receives = Who receives it now
list-separator = ;{" "}
minimised = { $x } ({ $y })
minimised-pseudonymize = with names removed
minimised-mask = in part only
minimised-age-result-only = only whether of age
minimised-aggregate-only = only as counts and rates
use-to = { $x } (to { $y })
use-joined = { $x } (joining records)
outcome-in-use = in use
outcome-waits = waits for your consent
outcome-waits-for = waits for your consent “{ $x }”
outcome-guardian = waits for a guardian's consent
outcome-stopped = stopped by you
outcome-stopped-by = blocked by your stop “{ $x }”
outcome-withdrawn-of = your answer to “{ $x }” is no
outcome-refer = a person decides
outcome-refer-version = a person decides (version { $x })
outcome-ended = no contract or membership that it needs
outcome-gone = nothing to use, past its retention or erased
outcome-ceased = stopped by a decision
outcome-occasion = only after you ask for it
outcome-closed = not open now
outcome-quarantined = kept apart, as its source is not confirmed to give it
data-about = Data it is about
outcome-not-asked = only with a consent of its own, which we do not ask for
outcome-open = may be used, but none of it is held
not-held-now = not held now
not-used-for = Not used now, and why
will-record-lead = { $x } holds it, as the record that every decision rests on. It is never changed, only added to.
consents-needed = Needs your consent
also-needs = { $x }: it also needs your consent { $y }.
quoted = “{ $x }”
not-in-use-because = Not in use now: { $x }.
even-if-allowed = Not used yet even if you allow it: { $x }.
counts-guardian = A guardian must agree as well before it counts.
counts-checked = A person first checks whether your own answer counts.
consent-given-stopped = You allowed this, but it is stopped by “{ $x }”
consent-given-unused = You allowed this (not in use now)
consent-guardian = Not used yet (a guardian must agree)
choice-unused = Not in use now (you can stop it beforehand)
choice-locked-unused = Cannot be stopped (not in use now)
note-now = Now
nothing-now = None now
data-used-if = Data used if you allow it
who-receives-if = Who would receive it
if-allowed = If you allow it
data-used-then = Data used from then on
who-receives-then = Who receives it from then on
open-uses = Uses: { $x }, of which in use now: { $y } (open)
recorded-not-used = Your answer is recorded, but it is not used until it is checked.
used-again = From then on, data are used for:
nothing-used-again = Nothing is used from then on, because something else stands in the way.
anew = This is a new consent to today's text. It does not bring an earlier one back.
locked-title = “{ $x }” cannot be stopped here
locked-claim = If you want it to end
locked-claim-lead = You can make a claim to cease use. These desks take it:
locked-more = Why it cannot be stopped, and where to make a claim
next-item-gone = We no longer ask about this. Today's privacy policy has no such item.
next-superseded = A later answer of yours has replaced this one.
next-not-counted = It is recorded. It is not used until it is checked.
next-not-in-use = It is recorded. Nothing is used by it for now.
undo-anew = Until { $x } you can allow it again here. That is a new consent to today's text.
nobody = Nobody
if-stopped = If you stop it
why-locked = Reason
residue-for = Still used when stopped: { $x } (for: { $y })
stop = Stop
allow = Allow
resume = Resume
leave-it = Leave it as it is
about-x = : { $x }
changed-meanwhile = The state changed in the meantime, so nothing was done. This is how it stands now.
texts = The text
text-agreed = The text you answered (version { $x })
text-today = Today's text (version { $x })
text-same = Today's text is the same.
text-lost = The text of this version was not kept.
its-history = Its history
no-acts = Nothing was ever changed.
act-granted = You allowed this
act-withdrawn = You stopped this
act-resumed = You resumed this
act-stopped = You stopped this
act-wording = {" "}(text version { $x })
ask-stop = Stop “{ $x }”?
ask-allow = Allow “{ $x }”?
ask-resume = Resume “{ $x }”?
what-happens-stop = If you stop it
what-happens-resume = What happens
what-stays = What does not change
you-agree-to = Your answer is recorded for this text (version { $x }).
effect = Takes effect
effect-at-once = Every decision follows it from the moment it is recorded.
already-passed = Already passed on
already-passed-text = This does not take back what was passed on before. You can see it under “Who receives it”.

# Answers to what was never asked before
decline = Decline
ask-decline = Decline “{ $x }”?
consent-declined = You declined this
act-declined = You declined this
event-consent-declined = You declined “{ $x }”
decline-changes-nothing = It is not used today, and it stays so.
decline-is-remembered = Your answer is kept. Whoever wants to use it is told no, and need not ask you.
allow-later = You can allow it at any time.
allow-later-but = You can allow it later. { $x }
allow-again = To allow it again
allow-again-but = { $x }: { $y }
undo-but = { $x } { $y }
you-decline = This is the text you would decline (version { $x }).
next-declined = It is not used, as before. Whoever wants to use it is told no. There is nothing you need to do.
undo-declined = Until { $x } you can allow it from here, and on its own page at any time.
text-changes = What changed since the text you answered (version { $x })

# Stopping everything, and the way back
stop-all-optional = Stop everything optional
ask-stop-all = Stop everything optional?
stop-all = Stop all of these
would-stop = What would stop
stays-unanswered = What you have not allowed is not used today, and it stays so.
stays-locked = These cannot be stopped here. Each says why, and where to make a claim.
nothing-to-stop = You have stopped everything that can be stopped.
stop-all-receipts = One for each item. Each can be taken back by itself.
stopped-title = Stopped
stopped-rest = { $n ->
        [one] { $n } item is not stopped, or was resumed since.
       *[other] { $n } items are not stopped, or were resumed since.
    }
see-rest = See which
see-choices = See uses and consent
passed-last = { $x }: last on { $y }
receipt-before = The act before it
receipt-after = The act after it

# Receipt
receipt = Receipt
receipt-of = Receipt (record { $x })
receipt-title = Receipt { $x }
receipt-number = Receipt number
receipt-what = What
receipt-when = When
receipt-way = How
receipt-whom = Given to
receipt-next = What happens next
next-stopped = From that moment, uses and provisions that rest on this are not permitted. There is nothing you need to do.
next-resumed = From that moment, your data may be used as shown. You can stop it at any time.
undo = Undo
undo-until = You can undo this here until { $x }. Both acts stay on record.
see-item = See this item
wording-version = Text version

# Record
history-title = Record
history-lead = What happened to your data and what you decided, newest first. Nothing is removed; a correction is a new entry.
history-total = { $n ->
        [one] { $n } entry
       *[other] { $n } entries
    }
history-begins = The record begins here.
newer = Newer
older = Older
recorded-later = {" "}(recorded on { $x })
said-by = { $x }, { $y }
by-principal = by yourself
by-guardian = by a guardian
by-agent = by an agent
way-web = On the web
way-shop = In a shop
way-shop-paper = On paper in a shop
way-paper = On paper
way-phone = By telephone
way-app = In the app
way-mail = By post
way-migration = Taken over from an earlier system
for-activity = For: { $x }
event-principal-registered = You were registered as a customer
event-guardian-linked = A guardian was registered
event-relationship-started = Began: { $x }
event-relationship-ended = Ended: { $x }
event-data-acquired = Acquired: { $x } ({ $y })
event-data-erased = Erased: { $x }
event-notice-given = You were given version { $x } of the privacy policy
event-consent-granted = You allowed “{ $x }”
event-consent-withdrawn = You stopped “{ $x }”
event-choice-declined = You stopped “{ $x }”
event-choice-restored = You resumed “{ $x }”
event-data-used = Used: { $x } ({ $y })
event-data-provided = Passed to { $y }: { $x }
event-data-received = Received from { $y }: { $x }
event-restriction-placed = Stopped by a decision: uses of { $x }
event-restriction-lifted = No longer stopped by a decision: uses of { $x }
event-recipient-assessed = Selection assessed: { $x }
event-recipient-supervised = Supervised: { $x }
event-recipient-suspended = Giving data to { $x } was suspended
event-recipient-ended = The relation with { $x } ended
event-publication-published = Published: { $x }
begins = Begins on
begins-on = { $x } (announced; not begun yet)
title-from = { $x } (begins on { $y })
event-policy-published = Version { $x } of the privacy policy was published

# Who receives it
recipients-title = Who receives it
recipients-lead = Who may receive your data, and what was in fact passed on.
recipient-kind-processor = Work done for us (entrustment)
recipient-kind-third-party = Passed to others (provision to third parties)
recipient-kind-joint-user = Used together (joint use)
recipient-kind-successor = Takes over a business (succession)
recipient-kind-authority = Given as law requires
recipient-kind-lead-processor = They handle data for our work and use it for nothing else.
recipient-kind-lead-third-party = They use it for purposes of their own.
recipient-kind-lead-joint-user = Used together, within the published items and purposes.
recipient-kind-lead-successor = Data goes over with the business.
recipient-kind-lead-authority = Courts, the police and the like, only where law provides for it.
abroad = Abroad ({ $x })
given-what = Passed on
given-last = Last time
given-nothing = There is no record of anything passed on.
times = { $n ->
        [one] once
       *[other] { $n } times in all
    }

# Privacy policy
version = Version
in-force-from = In force from
announced = Announced
prevailing-language = Prevailing language
applies-to = Applies to
applies-to-all = All customers.
applies-to-all-but = All customers, except as follows.{" "}
transition = Version { $y } governs what was acquired before { $x }.
transition-unless = {" "}This does not hold for people with “{ $y }” at any time on or after { $x }.
language-ja = Japanese
language-en = English
source = Source
what-comes = What comes from it
channel-way-direct = Given by you
channel-way-automatic = Recorded when you use a service
channel-way-indirect = Coming by way of other companies' services
all-categories = All kinds of data
category = Kind
about = About
protected-as = Protected as
worked-out-from = {" "}(worked out from { $x })
retention-caption = How long data is kept
kept-for = How long
counted-from = Counted from
after-acquired = when it was acquired
after-ended = when all of these have ended: { $x }
example = Example
examples-count = { $n ->
        [one] { $n } example
       *[other] { $n } examples
    }
principal-matter = Principal matter
examples-of = Examples of purpose { $x }
examples-lead = For example, it includes these uses.
work-for = {" "}(work done for { $x })
given-to-nobody = {" "}(passed to nobody)
guardian-under = Under the age of { $x }, a guardian must consent.
guardian-judged = Under the age of { $y }, a guardian must consent. From { $x }, a person checks whether your own answer suffices.
wording-today = Today's text
age = Age
lasts = Lasts
choice = Item
can-be-stopped = Can be stopped
choices-caption = Uses that can be stopped, and uses that cannot
refusability-refusable = Yes
refusability-refusable-with-consequence = Yes, with consequences
refusability-not-refusable = No
residue = {" "}Still used when stopped: { $x }, for “{ $y }”.
who = Who
for-example = For example
country = Country
open-recipients = { $x }: { $y }
what-for = What for
what-is-given = What is given
to-whom = To whom
rests-on = Rests on
provisions-caption = Provision to third parties
basis-consent = Consent: { $x }
basis-opt-out = You can stop it: { $x }
basis-law = Law: { $x }
list-and = ;{" "}
country-on = { $x } ({ $y })
transfer-consent = Consent to going abroad: { $x }
transfer-equivalent-country = held to protect data as the law here does
transfer-conforming-system = keeps protections by contract; we check them again within { $x }
given-age-result-only = Only whether you are of the age asked for
given-mask = { $x } (names and all that is not needed hidden)
given-pseudonymize = { $x } (names and the like replaced)
given-aggregate-only = { $x } (as counts and rates only)
no-joint-use = There is no joint use at present.
joint-items = Items used together
joint-users = Who uses them
joint-purposes = For which purposes
joint-responsible = Responsible
published = Published
no-anonymized = No anonymized information is published at present.
anonymized-items = Items it contains
anonymized-method = How it is given
exception = Case
law = Law
needs = Needs
exceptions-caption = What law permits
open-exceptions = { $n ->
        [one] What law permits ({ $n } case)
       *[other] What law permits ({ $n } cases)
    }
receiving-anybody = anybody
receiving-except = { $x } (not { $y })
receiving-processor = those who work for us
receiving-third-party = third parties
receiving-joint-user = joint users
receiving-successor = successors
receiving-authority = courts, police and other public bodies
requirement-document = the document that asks
requirement-necessity = why it is necessary
requirement-consent-difficult = why consent is difficult to get
requirement-approver = who approved it
requirement-time-limit = a time limit
requirement-assessment = an assessment of your interests
open-table = { $x } ({ $y })
open-rulings = { $n ->
        [one] What the text leaves open ({ $n } ruling)
       *[other] What the text leaves open ({ $n } rulings)
    }
its-text = Text
text-absent = not at hand
text-present = at hand
versions-caption = All versions
about-line = About { $x }
only-ja = (in Japanese only)
only-en = (in English only)
documents-at-the-desk = Documents without a link are to be had at our desks.
no-phone = No telephone number is published.
controller-name = Name
controller-address = Address
controller-representative = Representative
country-jp = Japan
country-us = United States
country-gb = United Kingdom
country-de = Germany
country-fr = France
country-ie = Ireland
country-nl = Netherlands
country-sg = Singapore
country-kr = South Korea
country-tw = Taiwan
country-cn = China
country-hk = Hong Kong
country-in = India
country-id = Indonesia
country-th = Thailand
country-ph = Philippines
country-vn = Viet Nam
country-au = Australia
country-ca = Canada

# The pages of the notice
nav-given = Who receives data
nav-versions = Versions
nav-contact = Inquiries
notice-pages = Pages of this notice
notice-files = As a file
short = In short
short-purposes = What data are used for
short-protected = Under special protection: { $x }
short-recipients = Who else gets data
short-abroad = Abroad: { $x }
short-stop = What you can decide
short-ask = Who is responsible, and where to ask
short-choices = { $n ->
        [one] { $n } use can be stopped
       *[other] { $n } uses can be stopped
    }
short-consents = { $n ->
        [one] { $n } matter needs your consent first
       *[other] { $n } matters need your consent first
    }
short-desk = { $x }: { $y }
page-purpose = ({ $x }) { $y }
examples = Examples
purpose-given = Who is given data for this purpose
purpose-given-nobody = Nobody is given data for this purpose to use for themselves.
page-recipients = Who receives data
page-recipients-lead = Everybody who gets data besides us, by kind, and the rules under which it is given.
page-processors = Work done by others
page-processors-lead = The kinds of work we may entrust to others, and who does it.
works = Kinds of work
page-joint-use = Joint use
page-joint-use-lead = Data that we use together with others, with the items that law wants published.
page-anonymized = Anonymized information
page-anonymized-lead = Information processed so that nobody can be told from it: what it contains and how it is given.
page-contact = Inquiries
page-contact-lead = Where to ask about your data, and who else takes complaints.
desks = Our desks
controller = Who is responsible
page-documents = Related documents
page-documents-lead = The documents beside this notice. One that exists in one language only says so.
page-versions = Versions
page-versions-lead = Every version of this notice, newest first, with its dates and what it changed.
page-version = Version { $x }
page-difference = What changed from version { $x } to version { $y }
page-sitemap = Site map
sitemap-lead = Every page and file in this language.
sitemap-pages = Pages
sitemap-files = Files
file-pdf = PDF ({ $x } kB)
file-text = Plain text
file-json = JSON
file-feed = Feed of versions (Atom)
version-replaced = This is an earlier version. Version { $x } replaced it from { $y } on.
version-newest = This is the newest version.
version-text-absent = The text of this version is not at hand. A person decides on what it governs.
version-notice-absent = The text of this version is not at hand in this language.
replaced = Replaced
replaced-by = by version { $x } from { $y } on
content-hash = Hash of the source
read-version = Read this version
compare-with = What it changed of version { $x }
difference-how = What was taken away is struck through after a minus sign; what was added is underlined after a plus sign.
difference-versions = The versions compared
difference-names = What came and what went
difference-no-names = No purpose, recipient or other name came or went.
difference-text = The text
difference-none = The text did not change.
difference-text-absent = The text of version { $x } is not at hand, so it cannot be compared.
difference-come = New: { $x }: { $y }
difference-gone = Gone: { $x }: { $y }
difference-purposes = purpose
difference-activities = use
difference-categories = kind of data
difference-recipients = recipient
difference-consents = consent
difference-choices = what you can stop
difference-joint-uses = joint use
difference-anonymized = anonymized information
line-added = New
line-removed = Gone
line-changed = Changed
mark-added = Added:
mark-removed = Taken away:
paper-foot = { $x } · source { $y }
feed-title = Privacy policy of { $x }: versions
feed-summary = Version { $x } is in force from { $y } on.
published-or-begins = Published, or begins
choose-language = Choose a language
choose-lead = The privacy policy of { $x }
lost-title = Page not found
lost-lead = There is no page at this address. Go on from the privacy policy.

# A receipt to take along, and checking one
receipt-ask = Quote this number to
receipt-take = Keep the receipt
receipt-take-lead = It is a signed file. Anybody can check it later, with nothing but the file.
receipt-take-whole = Download the receipt (JSON)
receipt-take-whole-hint = It is for you alone. It has what is personal, so do not hand it to others.
receipt-take-to-show = Download a receipt to show to others (JSON)
receipt-take-to-show-hint = It has what you answered, when, and a number that stands for you. It leaves out who you are and who acted for you.
receipt-take-soon = The file can be had once the ledger has been signed, which usually takes some seconds.
receipt-take-not-here = No receipts are given as files here. If you need one, ask the desk and quote the number.
look-again = Look again
verify-title = Verify a receipt
verify-lead = This checks that a receipt is genuine and that nobody has changed it. You need not sign in.
verify-forgotten = What you send is forgotten once it is checked. It is not written to any log either.
verify-file = Choose the file of the receipt
verify-file-hint = It is the .json file that was downloaded, of 1 MB at most.
verify-pasted = Or paste what is in it
verify-check = Verify
verify-result = Result
verify-verdict-holds = This receipt is genuine
verify-verdict-text-holds = The key of our ledger signed it, and it says what the ledger has.
verify-verdict-holds-alone = This receipt is sound by itself
verify-verdict-text-holds-alone = It was not yet held against the ledger as it stands. Please try again in a moment.
verify-verdict-fails = This receipt does not hold
verify-verdict-text-fails = It was changed or damaged. What does not hold is named below.
verify-verdict-other-log = This receipt was not signed by our ledger
verify-verdict-text-other-log = It names the ledger “{ $x }”. Have it verified by those who run that ledger.
verify-recorded = Recorded
verify-log = Ledger
verify-wording = The text that was shown (version { $x })
verify-steps = What was checked
verify-state-holds = Holds
verify-state-fails = Does not hold
verify-state-not-checked = Not checked
verify-state-nothing = Nothing to check
verify-step-signature = Signature
verify-step-inclusion = Being in the ledger
verify-step-record = What the receipt says
verify-step-payload = What is personal
verify-step-ledger = The ledger as it stands
verify-holds-signature = The key of the ledger signed just this.
verify-holds-inclusion = The entry is in the ledger that was signed.
verify-holds-record = Number, time, text and the rest are those of the entry in the ledger.
verify-holds-payload = What is personal in it is what was recorded then, unchanged.
verify-holds-ledger = The ledger as it stands has all that it had when the receipt was issued, unchanged.
verify-left-out = This receipt leaves it out, so it was not checked.
verify-nothing-personal = This entry has nothing personal to be checked.
verify-not-reached = Something before it does not hold, so this was not checked.
verify-ledger-unknown = The ledger cannot be read just now, so this was not checked.
verify-beyond = What this check does not tell
verify-beyond-later = Whether it was changed later. The person concerned can sign in and see how it stands.
verify-beyond-holder = Whether whoever has the receipt is the person concerned.
verify-beyond-others = Whether everybody is shown the same ledger. The signatures of witnesses would tell.
verify-fault = It could not be checked
verify-fault-nothing = There is no receipt. Choose a file, or paste what is in it.
verify-fault-both = There are a file and pasted text. Send one of the two.
verify-fault-too-long = It is too long. A receipt has 1 MB at most. See whether it is the file of a receipt.
verify-fault-broken = It did not arrive whole, or has another shape. Please send it again.
verify-fault-not-text = This file is no text. Choose the .json file that was downloaded.
verify-fault-not-json = This is no JSON. Paste all of it, from “{"{"}” to “{"}"}”.
verify-fault-not-receipt = This is JSON, and no receipt. Choose one whose “format” is “nattoku-receipt@v1”.
verify-fault-unsound = It cannot be read as a receipt ({ $x }). Send the file as it was downloaded.
verify-alone = Verify it without us
verify-alone-lead = The receipt and the public key of the ledger are enough; no network is needed. The program is public.
verify-key = Public key of the ledger (save it as log.key.pub)
verify-not-here = This server does not sign the ledger, so it cannot verify receipts.
verify-not-here-advice = Please tell the number of the receipt to the desk named below.
receipts-title = All receipts
receipts-lead = One receipt is kept of each of your answers. Quote its number when you ask the desk.
receipts-total = { $n ->
        [one] { $n } receipt
       *[other] { $n } receipts
    }
receipts-none = There is no receipt yet. One appears here when you stop a use or answer what you are asked.
consents-title = Register of consents and stops
consents-lead = All that you allowed and refused, by whatever way, newest first. It can be printed as it stands.
consents-none = You have neither allowed nor refused anything yet. Your answers will appear here.
consents-total = { $n ->
        [one] { $n } answer
       *[other] { $n } answers
    }
consents-since = The oldest answer is of { $x }. There is no record from before.
consents-filter = Show one item
consents-all = All items
consents-item = Item
consents-answer = Answer
consents-wording = See version { $x }
consents-no-wording = No text is agreed to by it
show = Show
history-words = Words
history-kind = Kind
history-kind-all = All kinds
history-kind-answers = Your answers
history-kind-held = Acquired and erased
history-kind-used = Used
history-kind-passed = Passed on
history-kind-received = Received
history-kind-told = Notices to you
history-kind-other = Other
history-from = From
history-to = Until
history-found = { $x } of { $y } entries
history-none = No entry matches.
history-wider = Find more
history-wider-words = With any words
history-wider-dates = Of any date
history-wider-kind = Of all kinds
history-wider-all = See all entries
history-fault = This cannot be looked for
history-fault-kind = There is no such kind. Choose one of the list.
history-fault-date = This is no date. Write it as 2026-11-24.
history-fault-order = “Until” is before “From”.
history-fault-words = It is too long. Write 100 characters at most.
history-take = Keep what is shown
history-csv = CSV (for spreadsheets)
history-json = JSON (for programs)
csv-kind = Kind
csv-remark = Remark
csv-entry = Entry
do-download = Keep a copy of everything
download-title = Keep a copy of everything
download-lead = What this dashboard shows about you is put together in one file (ZIP).
download-make = Download the ZIP
download-keep = It is made when you ask for it, and we keep none. It has what is personal, so mind where you put it.
download-has = What is in it
download-forms = All of it comes in three forms: pages for your browser, CSV for spreadsheets and JSON for programs.
download-rows = { $n ->
        [one] { $n } entry.
       *[other] { $n } entries.
    }
download-absent = What is not in it, and why
download-absent-contents = The data themselves, such as addresses and call records
download-why-contents = This ledger records kinds of data and how they are treated. Claim disclosure to get what is in them.
download-absent-views = Looks that are not on record
download-why-views = Some systems do not record them yet.
download-absent-claims = Claims, inquiries, and the text of messages
download-why-claims = They are dealt with outside this ledger. Ask the desk named below.
download-absent-others = What concerns other people
download-why-others = It could harm their rights. That a guardian or an agent acted for you is in it, and not who.
download-absent-erased = Data that were erased
download-why-erased = Once erased, we do not have them either. That they were erased is in it.
download-absent-company = Records common to all customers, such as supervision of processors
download-why-company = They are not about you alone. The privacy policy publishes them.
download-table-holdings = What is held
download-lead-holdings = Of each kind, when and whence it was acquired, by which version it is governed, until when it is kept.
download-none-holdings = Nothing is recorded as held about you.
download-table-consents = Consents
download-lead-consents = How each item stands, and when that last changed.
download-none-consents = There is no item to consent to.
download-table-choices = Uses
download-lead-choices = What you can stop and what you cannot, and how it stands.
download-none-choices = There is no use that you could stop.
download-table-passed-on = What was passed on
download-lead-passed-on = When, to whom, what and for what.
download-none-passed-on = Nothing was passed on.
download-table-history = The whole record
download-lead-history = What happened to your data, and what you answered.
download-none-history = Nothing has been recorded.
download-table-receipts = Receipts
download-lead-receipts = All receipts of your answers, and the signed files.
download-none-receipts = There is no receipt yet.
download-category = Kind of data
download-state = State
download-recipient = Recipient
download-data = Data
download-use = For
package-lead = This page reads without a server. The same stands beside it as CSV for spreadsheets and as JSON for programs.
package-files = The same as files:
package-signed = These receipts are signed. They have what is personal; to show one to somebody, take the other file from its own page.
package-unsigned = The signed receipts are not in here. Tell the number to the desk.
happening-principal-registered = Registered as a customer
happening-guardian-linked = Guardian registered
happening-relationship-started = Contract or the like began
happening-relationship-ended = Contract or the like ended
happening-data-acquired = Data acquired
happening-data-erased = Data erased
happening-notice-given = Privacy policy given
happening-consent-granted = Allowed
happening-consent-withdrawn = Permission withdrawn
happening-consent-declined = Declined
happening-choice-declined = Use stopped
happening-choice-restored = Use resumed
happening-data-used = Data used
happening-data-provided = Data passed on
happening-data-received = Data received
happening-restriction-placed = Uses stopped by a decision
happening-restriction-lifted = Decision to stop lifted

# Sign-in
sign-in-title = How to sign in
sign-in-lead = You open your pages by a link that works once.
sign-in-step-ask = The desk named below checks that it is you and gives you a link.
sign-in-step-open = Open it in this browser within { $n } hours.
sign-in-step-end = You are signed out after 20 minutes without use, and after 12 hours in any case.
sign-in-provider-lead = You sign in with your account, on the page that opens next.
sign-in-provider = Sign in
sign-in-without = You can read the privacy policy without signing in.
signed-out = You are signed out.

# Settings, how long a sign-in lasts, and signing in once more
footer-signed-in = Signed in
session-ends = You are signed out at { $x } if you do nothing, and at { $y } in any case.
session-ends-soon = You are signed out at { $x }, whatever you do.
do-settings = See where you are signed in, and other settings
settings-title = Settings
settings-who = Who is signed in
settings-as = Customer
settings-since = Since
settings-until = Until
settings-sign-ins = Where you are signed in
settings-sign-ins-lead = Each sign-in ends by itself. If you do not know one, end it.
settings-this = This browser
settings-other = Another browser
settings-begun = Signed in
settings-used = Last used
settings-unused = Not yet
settings-way = How
settings-way-link = By a link that works once
settings-way-provider = With your account
settings-end = End this sign-in
settings-about = : since { $x }
settings-rest = { $n ->
        [one] { $n } more sign-in is not listed.
       *[other] { $n } more sign-ins are not listed.
    }
settings-alone = You are signed in nowhere else.
settings-everywhere = Sign out everywhere
settings-everywhere-lead = Every sign-in ends, this one too. In other browsers it may take some seconds.
settings-account = Your account itself may stay signed in there.
settings-kept = When it was last used is known to the minute. We keep neither the device nor the place.
settings-ended = It is ended. In that browser it may take some seconds.
settings-shown = How pages are shown
settings-language = Language
settings-language-lead = The language is part of each address. You change it here, or at the top of any page.
settings-letters = Size of letters
settings-letters-lead = Letters are as large as your browser is set to show them. The pages can be enlarged to four times that.
signed-out-everywhere = You are signed out everywhere. In other browsers it may take some seconds.
sign-in-undone = Your time had run out. What you sent was not done. Sign in, and do it again.
sign-in-back = After that you come to the page that you wanted.
download-until = You signed in a moment ago. You can fetch it until { $x }; after that you sign in once more.
download-anew = Before you fetch it, show once more that it is you. So nobody who finds this page open can take it.
download-refused = It was not made: you signed in too long ago. Show once more that it is you.
download-anew-start = Sign in once more
download-anew-back = After that you come back to this page.
refusal-title-not-confirmed = You have not signed in once more
refusal-text-not-confirmed = It was broken off, or could not be confirmed. If you were signed in before, you still are.
refusal-advice-not-confirmed = Please begin again. If this happens again, tell the desk named below.

# What a version changes for one person, and which applies
off-today = today
off-days-ahead = { $n ->
        [one] in { $n } day
       *[other] in { $n } days
    }
off-days-ago = { $n ->
        [one] { $n } day ago
       *[other] { $n } days ago
    }
off-months-ahead = { $n ->
        [one] in { $n } month
       *[other] in { $n } months
    }
off-months-ago = { $n ->
        [one] { $n } month ago
       *[other] { $n } months ago
    }
off-years-ahead = { $n ->
        [one] in { $n } year
       *[other] in { $n } years
    }
off-years-ago = { $n ->
        [one] { $n } year ago
       *[other] { $n } years ago
    }
because-kept = because the version in force leaves such data to it.
because-after = because it was acquired on or after { $x }.
because-none-in-force = but a person checks first, as no version is in force yet.
change-title = What version { $x } changes for you
change-link-signed-in = What version { $x } changes for you (you sign in first)
change-began = Version { $x } came into force on { $y }.
change-begins = Version { $x } comes into force on { $y }.
change-computed = It follows from what is recorded about you, by the rules that every use is held to.
change-first = It is the first version, so there is none to compare it with.
change-text-absent = The text of version { $x } was not kept. So it cannot be told what this one changes.
change-nothing = With what is held now, nothing changes for you.
change-nothing-why = What may be done with your data is what version { $x } allowed.
change-becomes = Becomes possible
change-ends = No longer possible
change-ahead = Possible once such data are held
change-ahead-lead = Nothing of these kinds is held about you now.
change-stays = What does not change
change-stays-count = { $n ->
        [0] No use of your data is permitted under both versions.
        [one] { $n } use stays possible (open)
       *[other] { $n } uses stay possible (open)
    }
change-possible = Possible under this version
change-possible-none = No use of what is held about you is permitted under it.
change-data = Data: { $x }
change-state = Under this version: { $x }
change-unregistered = this version does not know the use any more
change-first-data = Data used for the first time
change-first-recipients = Who may receive data for the first time
change-gone-data = Data not used any more
change-gone-recipients = Who does not receive data any more
change-obliges = What the law asks of us
change-obliges-consent-again = We must ask for your consent again
change-obliges-notify = We must tell you
change-sentence = { $x }: { $y }
change-which = Which version applies to you, and why
change-which-then = Which version applies to you from { $x } on, and why
change-replaced = Version { $x } replaced it on { $y }. It governs none of your data.
change-others = Other versions

# One kind of data, one recipient, and the uses by purpose
recorded-since = The record about you begins on { $x }.
do-uses = See for what your data are used
category-lead = This page tells what is held and what is done with it, not what it says.
category-derived = It is worked out from: { $x }
category-held = Held about you
category-not-held = Nothing of this kind is recorded as acquired about you.
category-all-erased = Nothing of this kind is held about you any more; it was erased.
category-where = { $x }: where it came from, and how long it is kept
category-given = Passed on
category-erased = Erased
category-erased-nothing = There is no record of anything of this kind that was erased.
recipients-none = The policy names nobody of this kind.
recipient-how = How they get it
recipient-data = What they may receive now
recipient-given = What they got
recipient-may = What for
recipient-may-nothing = No use is registered by which they receive data.
recipient-may-none-now = Nothing may be given to them now.
recipient-stop = How to stop it
recipient-stop-lead = What is passed on to them hangs on these answers of yours. The page of each says how it stands, and what happens when you stop it.
recipient-stop-none = You cannot stop it here. The desks below take claims.
recipient-locked = This cannot be stopped, with the reason:
ground = On the ground of: { $x }
ground-named = { $x }, “{ $y }”
ground-consent = your consent
ground-contract = your contract
ground-opt-out = notice that you can stop it
ground-law = law
ground-joint-use = joint use
uses-title = What your data are used for
uses-lead = Each purpose of the policy: what is done now, with which data, and what you can stop.
uses-example = For example: { $x }
uses-none-registered = No use is registered for this purpose.
uses-open = { $n ->
        [0] None of your data is used for this now.
        [one] Open the use permitted now
       *[other] Open the { $n } uses permitted now
    }
uses-stop = You can stop some of it:
uses-stop-none = No answer of yours stops any of this.
uses-notice = { $x } in the privacy policy

# The short notice, claims, print and accessibility
page-short = The short version
page-print = To print: the whole with every part open
page-claims = How to make a claim
page-claims-lead = How to see, correct, stop or erase your data by a claim, and where to send it.
page-accessibility = Accessibility
page-accessibility-lead = Everybody should be able to read these pages, and to act on them.
brief-sentence = { $x } uses data about its customers for { $y } purposes.
brief-whole = Read the whole privacy policy
brief-purposes = What are data used for?
brief-recipients = Who else gets data?
brief-example = For example: { $x }
brief-recipient = { $x }. { $y }
print-lead = Every part stands open, in the order of the notice.
claims-unsaid = The notice in this language does not say how claims are made. Please ask a desk.
claims-without-title = Without a claim
claims-without = Some of it you can see and change yourself, at once:
reach-aim-title = What we aim at
reach-aim = The Web Content Accessibility Guidelines 2.2, level AA. With valid HTML they have all that JIS X 8341-3:2016 asks for at level AA.
reach-checked = What programs check
reach-axe = Every kind of page, in every language, by the rules of axe
reach-contrast = The contrast of every text on its ground, light and dark
reach-narrow = Pages 320 and 1280 pixels wide
reach-script = Pages with JavaScript and without; no page needs it
reach-html = The pages of the notice as valid HTML
reach-unchecked = What was not checked
reach-readers = The order in which screen readers read the pages
reach-keyboard = Every act by keyboard alone
reach-people = The pages in use by people with disabilities
reach-outside = Anything by a body outside
reach-formats-title = Other forms
reach-formats = The notice is there as plain text too, and every part of it can be printed.
reach-barrier-title = If something keeps you from it
reach-barrier = Tell one of these desks which page it is. They also give you what it says in another way.

# Status pages
refusal-call = The number of this error is { $x }. Tell it to the desk: by it we find what happened.
refusal-title-foreign = Requests from other sites are refused
refusal-text-foreign = This was not sent from a page of this site. Nothing was changed.
refusal-advice-foreign = Please start again from your home page.
refusal-title-no-attempt = This sign-in was not begun here
refusal-text-no-attempt = It was begun in another browser, took longer than 10 minutes, or has ended already. You are not signed in.
refusal-advice-no-attempt = Please begin again from your home page.
refusal-title-not-signed-in = You are not signed in
refusal-text-not-signed-in = The sign-in was broken off, or could not be confirmed.
refusal-advice-not-signed-in = Please begin again from your home page. If this happens again, tell the desk named below.
refusal-title-unknown-principal = We have no pages for this account
refusal-text-unknown-principal = The sign-in itself worked, but we know of no customer with this account, so no pages are open.
refusal-advice-unknown-principal = If you have several accounts, sign in with the other one. Otherwise ask the desk named below.
refusal-title-provider-away = You cannot sign in just now
refusal-text-provider-away = We are sorry: the service by which you sign in does not answer.
refusal-advice-provider-away = Please try again in a few minutes. If this happens again, tell the desk named below.
refusal-title-not-found = Page not found
refusal-text-not-found = There is no page at this address.
refusal-advice-not-found = Check the address, or go on from one of these links.
refusal-title-unknown-link = This link does not work
refusal-text-unknown-link = This sign-in link was not made here.
refusal-advice-unknown-link = Check that you copied the whole address. The desk can give you a new link.
refusal-title-wrong-method = This cannot be done here
refusal-text-wrong-method = This address cannot be used in the way the request asked.
refusal-advice-wrong-method = Go on from one of these links.
refusal-title-spent-link = This link has been used up
refusal-text-spent-link = A sign-in link works once, and only for a short time.
refusal-advice-spent-link = The desk can give you a new link.
refusal-title-failed = We could not show this page
refusal-text-failed = We are sorry: something went wrong on our side.
refusal-advice-failed = Please try again later. If this happens again, tell the desk named below.
refusal-title-busy = We cannot take this on just now
refusal-text-busy = We are sorry: too much is being asked at once. Nothing was changed.
refusal-advice-busy = Please try again in a few seconds. If this happens again, tell the desk named below.
refusal-title-away = We cannot show this page just now
refusal-text-away = We are sorry: our records do not answer.
refusal-advice-away = Please try again in a minute. The privacy notice can be read meanwhile. If this happens again, tell the desk named below.
refusal-title-not-done = This was not done
refusal-text-not-done = We are sorry: our records do not answer. Nothing was changed.
refusal-advice-not-done = Please do it again in a minute. If this happens again, tell the desk named below.
refusal-title-not-known = We do not know yet whether this was done
refusal-text-not-known = We are sorry: our records did not answer in time. It may have been done, or not.
refusal-advice-not-known = Look at your history in a minute: what was done stands there. If it does not, do it again. If you wanted to sign out, sign out again.

# What a browser says of its own accord.
note-signal = Signal of your browser
signal-taken = Your browser told us by Global Privacy Control that you want this stopped. We stopped it on { $x }.
signal-own-answer = Your own answer of { $x } applies, and not the signal Global Privacy Control.
signal-untaken = Your browser sends Global Privacy Control. It is not recorded yet. Please load this page again.
signal-offered = A browser that sends Global Privacy Control stops this. Your own answer comes first.
declined-by-signal = {" "}A browser that sends { $x } stops this when you sign in, unless you answered yourself.
way-gpc = By a signal of your browser

# What devices are made to send to others.
page-external-transmission = What your device sends to others
page-external-transmission-lead = What our pages and apps make your device send to others, to whom, what for, and how to stop it.
no-transmission = This policy declares nothing that our pages or apps make your device send to others.
sent-items = What is sent
sent-to = To whom
sent-to-in = { $x } ({ $y })
sent-purposes = What we have it sent for
sent-usage = What they use it for
sent-stop-choice = You can stop this by the choice “{ $x }”
sent-stop-elsewhere = You can stop this here
sent-no-stop = This cannot be stopped here. Please ask one of the desks below.

# Who looked
access-title = Who looked at your data
access-lead = Who of our people looked at your data, newest first: when, of which department, and why. Names of people are not recorded.
access-none = Nobody is on record as having looked at your data.
access-total = { $n ->
        [one] { $n } look
       *[other] { $n } looks
    }
access-who = Department and role
access-why = Why
access-data = Data
access-system = System
access-of = { $x }: { $y }
access-entry = Entry { $x }
access-month = Month
access-month-of = { $x } { $y }
access-all-months = All months
access-department = Department
access-all-departments = All departments
access-since = Looks are on record since { $x }. There is no record from before.
access-systems = Systems that record who looks
access-reports = { $x } (since { $y })
access-nobody-reports = No system records it yet.
access-silent = Systems that do not record it yet
access-silent-lead = Looks by way of these are not on this page. That none is shown does not mean that there was none.
access-ask = Ask about a look
access-ask-lead = Tell one of these desks the number of the entry.
access-in-history = See looks among everything else
do-access = See who looked at your data
history-kind-views = Who looked
event-data-viewed = Looked at by { $y }: { $x }
happening-data-viewed = Data looked at
download-table-views = Who looked
download-lead-views = When, of which department, by which system, why, and at what.
download-none-views = No look at your data is on record.

# Messages
messages-title = Messages to you
messages-lead = What was announced to you, newest first, and what it changes for you.
messages-none = There is no message yet. A new version of the privacy policy will stand here.
messages-shifts = Uses that become possible for you: { $x }. Uses that end: { $y }.
messages-given = Given to you on { $x }. { $y }.
messages-others = Only the privacy policy is told of here. Messages about claims and leaks are not recorded here yet.
messages-versions = All versions of the privacy policy
messages-in-history = Notices to you in the record
do-messages = Read messages to you

# Claims and record
record-lead = What is on record about you, and how to make a claim.
record-records = On record
record-has-history = What happened to your data and what you answered, newest first.
record-has-access = When, of which department, and why.
record-has-receipts = One for each of your answers, to keep and to verify.
record-has-consents = What you allowed and declined, with the texts.
record-has-messages = New versions of the privacy policy, and what they change for you.
record-has-download = All of this in one file.
record-claims = Claims
record-claims-lead = You can ask us for each of these.
record-claims-how = How to make one today
record-claims-today = Claims cannot be made on these pages yet. These desks take them.
record-claims-post = By letter to { $x }
record-claims-more = Who may make a claim, which papers and what fee it needs, and how long it takes
claim-purpose = Tell me the purposes (notice of the purpose of use)
claim-disclose = See it (disclosure)
claim-provisions = See the record of passing on (disclosure of records of provision)
claim-correct = Correct it (correction, addition)
claim-erase = Erase it (erasure)
claim-cease = Stop using it (ceasing use)
claim-cease-provision = Stop passing it on (ceasing provision)

# The glossary: the words of law that the pages use
page-glossary = Words of law
page-glossary-lead = The words of law that these pages use, each in plain words.
means-what = What “{ $x }” means
means-in-law = In law: { $x }
term-principal = Principal
means-principal = The person whom data are about. That is not always who signed the contract or who pays.
term-personal-information = Personal information
means-personal-information = Data about a living person from which one can tell who it is.
term-retained = Retained personal data
means-retained = Data about people that the company itself may correct or erase. Claims such as disclosure are about these.
term-special-care = Special care-required personal information
means-special-care = Data such as illness or creed, for which somebody might be treated unfairly.
term-communications-secrecy = Secrecy of communications
means-communications-secrecy = With whom you spoke or wrote, when, where and what. Law keeps it secret.
term-referral = Personal-related information
means-referral = Data about a person from which alone nobody can tell who it is, such as pages viewed.
term-my-number = Individual Number
means-my-number = The number that the state gives to each person (My Number). It serves the work that law prescribes and nothing else.
term-pseudonymized = Pseudonymized information
means-pseudonymized = Data without names. Only together with other data can one tell who it is.
term-anonymized = Anonymized information
means-anonymized = Data from which nobody can tell who it was, and which cannot be turned back.
term-purpose = Purpose of use
means-purpose = What data are used for. They may not be used for anything else without the consent of the person.
term-consent = Consent
means-consent = The answer of a person that something may be done with their data. It can be changed later.
term-provision = Provision to third parties
means-provision = Giving data to another company, which uses them for purposes of its own.
term-entrustment = Entrustment
means-entrustment = Having another company do work that handles data. It may use them for that work only.
term-succession = Succession of business
means-succession = Data go along to the company that takes over a business.
term-joint-use = Joint use
means-joint-use = Using data together with named others, within items and purposes that are published.
term-transfer = Provision to a third party abroad
means-transfer = Giving data to somebody in another country. Law asks for more than within the country.
term-claims = Claims
means-claims = What a person may demand of a company about their data, such as to see or to erase them.
term-disclosure = Disclosure
means-disclosure = Showing a person the data that are held about them.
term-correction = Correction, addition or deletion
means-correction = Putting data right that are not true, adding what lacks, or taking out what is wrong.
term-cease-use = Ceasing of use or erasure
means-cease-use = Data are no longer used, or they are erased.
term-cease-provision = Ceasing of provision
means-cease-provision = Data are no longer given to other companies.
term-accredited-body = Accredited body
means-accredited-body = A body outside the company that the state accredits. It takes complaints.
term-governing-version = Governing version
means-governing-version = The version of the privacy policy by which your data are handled.
term-ledger = Ledger
means-ledger = A record to which everything that happens is added. What stands in it is never changed.
term-receipt = Receipt
means-receipt = What you keep to show that your answer stands in the ledger.
class-biometric = Features of the body

# Uses and consent, by purpose
group-several = For several purposes
group-lead-several = Each of these serves more than one purpose. Its row names them, and lists every use with how it stands.
group-unused = Without a use
group-lead-unused = Nothing rests on these at present.
group-none = There is nothing to decide about this purpose alone.
serves-several = Serves several purposes

# The first layer, question by question
short-unexpected = What you might not expect
short-derived = Worked out about you: { $x }
brief-unexpected = What might surprise me?
brief-decide = What can I decide?
brief-decision = For example: { $x }. { $y }
brief-ask = Where can I ask?
unexpected-derived = Worked out from other data

# Names of countries and of ways
way-other = By another way ({ $x })
country-at = Austria
country-be = Belgium
country-bg = Bulgaria
country-hr = Croatia
country-cy = Cyprus
country-cz = Czechia
country-dk = Denmark
country-ee = Estonia
country-fi = Finland
country-gr = Greece
country-hu = Hungary
country-is = Iceland
country-it = Italy
country-lv = Latvia
country-li = Liechtenstein
country-lt = Lithuania
country-lu = Luxembourg
country-mt = Malta
country-no = Norway
country-pl = Poland
country-pt = Portugal
country-ro = Romania
country-sk = Slovakia
country-si = Slovenia
country-es = Spain
country-se = Sweden
country-ch = Switzerland
country-ad = Andorra
country-ar = Argentina
country-fo = Faroe Islands
country-gg = Guernsey
country-il = Israel
country-im = Isle of Man
country-je = Jersey
country-nz = New Zealand
country-uy = Uruguay
country-my = Malaysia
country-mm = Myanmar
country-kh = Cambodia
country-la = Laos
country-lk = Sri Lanka
country-bd = Bangladesh
country-np = Nepal
country-pk = Pakistan
country-mn = Mongolia
country-mo = Macao
country-ae = United Arab Emirates
country-sa = Saudi Arabia
country-tr = Türkiye
country-ua = Ukraine
country-ru = Russia
country-rs = Serbia
country-br = Brazil
country-mx = Mexico
country-cl = Chile
country-co = Colombia
country-pe = Peru
country-za = South Africa
country-eg = Egypt
country-ke = Kenya
country-ng = Nigeria
country-ma = Morocco
