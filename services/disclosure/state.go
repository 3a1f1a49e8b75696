package disclosure

import (
	"errors"
	"slices"
	"strings"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/law"
	"gongkai/services/law/form"
	"gongkai/services/law/publication"
	"gongkai/services/law/workday"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// Reasons of this service's own rules, with the values that their texts name.
const (
	NotADraft             law.Reason = "NOT_A_DRAFT"              // none
	NotPublished          law.Reason = "NOT_PUBLISHED"            // none
	Withdrawn             law.Reason = "WITHDRAWN"                // withdrawn_on
	NotForDisclosure      law.Reason = "NOT_FOR_DISCLOSURE"       // attribute
	OrganizationNotOnDate law.Reason = "ORGANIZATION_NOT_ON_DATE" // organization, date
)

// verb is what a transition does.
type verb int

const (
	updating verb = iota
	publishing
	withdrawing
)

// allow refuses a transition from a state that it does not begin in.
func allow(v verb, d *disclosurev1.Disclosure) error {
	broken := law.Under(law.Citation{})
	switch state := d.GetState(); {
	case state == disclosurev1.State_STATE_WITHDRAWN:
		broken.If(true, Withdrawn, "", "withdrawn_on", civil(d.GetWithdrawnOn()).String())
	case v == publishing:
		broken.If(state != disclosurev1.State_STATE_DRAFT, NotADraft, "")
	case v == withdrawing:
		broken.If(state != disclosurev1.State_STATE_PUBLISHED, NotPublished, "")
	}
	return broken.Err()
}

// setting is what a rule needs to know beside the record itself.
type setting struct {
	organization string
	exists       bool // on the day of publication
	forms        form.Forms
	today        workday.Date
}

// publish makes a draft published.
func publish(d *disclosurev1.Disclosure, on workday.Date, channels []disclosurev1.Channel, in setting) error {
	if err := allow(publishing, d); err != nil {
		return err
	}
	d.State, d.PublishedOn = disclosurev1.State_STATE_PUBLISHED, toProto(on)
	if len(channels) > 0 {
		d.Channels = channels
	}
	return checkPublished(d, in)
}

// withdraw takes back what was published.
func withdraw(d *disclosurev1.Disclosure, reason string, today workday.Date) error {
	if err := allow(withdrawing, d); err != nil {
		return err
	}
	d.State, d.WithdrawReason, d.WithdrawnOn = disclosurev1.State_STATE_WITHDRAWN, reason, toProto(today)
	return nil
}

// revisable are the fields that an update may change.
func revisable() []protoreflect.Name {
	return []protoreflect.Name{
		"title", "content", "category", "attribute", "document_number", "formed_on", "channels", "published_on",
	}
}

// revise gives a record new values of the named fields. The fields of a breach are those of the update.
func revise(d, given *disclosurev1.Disclosure, fields []protoreflect.Name, in setting) error {
	if err := allow(updating, d); err != nil {
		return err
	}
	if d.GetState() == disclosurev1.State_STATE_DRAFT && slices.Contains(fields, "published_on") {
		broken := law.Under(law.Citation{})
		broken.If(true, NotPublished, "disclosure.published_on")
		return broken.Err()
	}
	from, to := given.ProtoReflect(), d.ProtoReflect()
	for _, name := range fields {
		field := to.Descriptor().Fields().ByName(name)
		if from.Has(field) {
			to.Set(field, from.Get(field))
		} else {
			to.Clear(field)
		}
	}
	setDefaults(d)
	if empty := missing(d); len(empty) > 0 {
		return fault.Fields(empty...)
	}
	if d.GetState() == disclosurev1.State_STATE_PUBLISHED {
		return below("disclosure.", checkPublished(d, in))
	}
	return below("disclosure.", checkDraft(d, in.forms, in.today))
}

// missing are the required fields that an update has emptied.
func missing(d *disclosurev1.Disclosure) []law.Violation {
	var found []law.Violation
	for _, field := range []struct{ name, value string }{{"title", d.GetTitle()}, {"category", d.GetCategory()}} {
		if field.value == "" {
			found = append(found, law.Violation{Field: "disclosure." + field.name, Reason: "REQUIRED"})
		}
	}
	return found
}

func setDefaults(d *disclosurev1.Disclosure) {
	if d.GetAttribute() == disclosurev1.Attribute_ATTRIBUTE_UNSPECIFIED {
		d.Attribute = disclosurev1.Attribute_ATTRIBUTE_PROACTIVE
	}
}

// checkDraft is what holds for a draft: its year has the category, and it is not from the future.
func checkDraft(d *disclosurev1.Disclosure, forms form.Forms, today workday.Date) error {
	return law.Join(forms.CheckCategory(yearOf(d, today), d.GetCategory()), publication.CheckFormed(civil(d.GetFormedOn()), today))
}

// checkPublished is what holds for everything that is published.
//
// R2019 art. 13, R2007 art. 14: it was found to be for proactive disclosure. The date and the category have rules of
// their own. Our reading: the organ existed on the day of publication.
func checkPublished(d *disclosurev1.Disclosure, in setting) error {
	on := civil(d.GetPublishedOn())
	attribute := strings.ToLower(strings.TrimPrefix(d.GetAttribute().String(), "ATTRIBUTE_"))
	broken := law.Under(disclosing(on))
	broken.If(d.GetAttribute() != disclosurev1.Attribute_ATTRIBUTE_PROACTIVE, NotForDisclosure, "attribute", "attribute", attribute)
	broken.Under(law.Citation{}).If(!in.exists, OrganizationNotOnDate, "published_on",
		"organization", "organizations/"+in.organization, "date", on.String())
	date := publication.Check(publication.Publication{FormedOn: civil(d.GetFormedOn()), PublishedOn: on}, in.today)
	return law.Join(broken.Err(), date, in.forms.CheckCategory(on.Year, d.GetCategory()))
}

// disclosing is where the Regulation in force on a day says what is disclosed; nothing before the first.
func disclosing(on workday.Date) law.Citation {
	for _, c := range []law.Citation{{Act: law.R2019, Article: "13"}, {Act: law.R2007, Article: "14"}} {
		if c.Act.InForce().Covers(on.String()) {
			return c
		}
	}
	return law.Citation{}
}

// yearOf is the year whose categories a draft has: that of its publication, else of its forming, else of today.
func yearOf(d *disclosurev1.Disclosure, today workday.Date) int {
	for _, on := range []workday.Date{civil(d.GetPublishedOn()), civil(d.GetFormedOn())} {
		if !on.IsZero() {
			return on.Year
		}
	}
	return today.Year
}

// below gives the fields of a breach their path in the request.
func below(prefix string, err error) error {
	var b *law.Breach
	if !errors.As(err, &b) {
		return err
	}
	moved := law.Breach{Violations: slices.Clone(b.Violations)}
	for i, v := range moved.Violations {
		if v.Field != "" {
			moved.Violations[i].Field = prefix + v.Field
		}
	}
	return &moved
}
