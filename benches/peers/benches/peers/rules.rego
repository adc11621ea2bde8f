# The rules of the reference policy that the measured requests meet, in Rego; what depends on the calendar was worked out when
# events came in.
package nattoku

default allow := false

allow if {
	activity.by[input.application]
	agreed
	recipient_in_good_standing
	every category in input.categories {
		permitted(category)
	}
}

activity := data.activities[input.activity]

recipient := data.recipients[input.recipient]

customer := data.customers[input.customer]

permitted(category) if {
	necessary(category)
	not declined(category)
	not customer.stopped[category]
	not prohibited(category)
	rests(category)
	kept(category)
}

# ---- On what an act rests ----

default claimed := false

claimed if {
	exception := data.exceptions[input.claim.name]
	exception.actions[input.action]
	exception.kinds[recipient.kind]
	every evidence in exception.requires {
		input.claim.evidence[evidence]
	}
}

rests(_) if claimed

rests(_) if {
	input.action == "use"
	every item in activity.requires {
		customer.consents[item]
	}
}

rests(category) if {
	some provision in activity.provisions
	provision.to[input.recipient]
	provision.gives[category]
	provision.accepts[customer.consents[provision.consent]]
}

# ---- What stands against it ----

necessary(_) if claimed

necessary(category) if {
	some above in data.categories[category].within
	activity.needs[above]
}

default agreed := false

agreed if count(activity.during) == 0

agreed if {
	some tie in activity.during
	customer.alive[tie]
}

agreed if {
	activity.may_continue
	some tie in activity.during
	customer.ended[tie]
}

declined(_) if {
	not claimed
	some choice in activity.stopped_by
	customer.declined[choice]
}

declined(category) if {
	not claimed
	input.action == "provide"
	recipient.kind == "third_party"
	customer.declined.partner_provision
	not activity.passes_declined[category]
}

prohibited(category) if {
	activity.outcome == "refuse_service"
	data.protected[category]
}

default recipient_in_good_standing := false

recipient_in_good_standing if input.action == "use"

recipient_in_good_standing if {
	not activity.to_nobody
	not recipient.suspended
	not recipient.abroad
}

# Of what nothing is held, nothing is past its time; but what was erased is not to be asked for anew.
kept(category) if {
	not customer.held[category]
	not customer.erased[category]
}

kept(category) if {
	every held in customer.held[category] {
		held.expires > input.now
		governed(held)
		data.categories[category].sources[held.source]
	}
}

governed(held) if held.acquired >= 1575990000

# What is older stays under the version before, whose text is not at hand, unless the customer was in the club since.
governed(_) if customer.was_member
