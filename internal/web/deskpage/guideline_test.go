package deskpage

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"experthour/internal/screening"
	"experthour/internal/session"
)

// strictly makes officialese block.
func strictly(t *testing.T) *kit {
	k := newKit(t, func(o *Options) {
		o.Views.Guide.Rules = map[screening.Guideline]screening.Rule{screening.Officialese: screening.Blocking}
		o.Service.Broken = o.Views.Guide.Blocking
	})
	return k.open()
}

// TestGuidelinesInThePreview: hints stand in it and keep nobody from approving.
func TestGuidelinesInThePreview(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	n := k.reviewed("How?", "In order to ask, see www.tax.example.")
	a := k.as(anna)
	page := a.get(a.at()).want(t, 200, "“In order to” → “to”", "The address “www.tax.example” cannot be opened as it is written").
		without(t, "must say why")
	form := page.form(t, fmt.Sprintf("%s/q/%d/approve", a.at(), n))
	a.press(n, session.Approve, form).want(t, 200)
	if k.question(n).State != session.Approved {
		t.Error("a hint keeps an answer back")
	}
}

// TestAGuidelineThatBlocksAsksWhy: the reason stands in the record, and in the log of it.
func TestAGuidelineThatBlocksAsksWhy(t *testing.T) {
	t.Parallel()
	k := strictly(t)
	n := k.reviewed("How?", "In order to ask, write to us.")
	a := k.as(anna)
	page := a.get(a.at()).want(t, 200, "must say why it goes out all the same", "Why does it go out all the same?")
	form := page.form(t, fmt.Sprintf("%s/q/%d/approve", a.at(), n))
	a.press(n, session.Approve, form).want(t, http.StatusUnprocessableEntity, "does not keep to a guideline that blocks")
	if k.question(n).State != session.Review {
		t.Fatal("it was approved without a reason")
	}
	form.Set("reason", "It is the name of a law.")
	a.press(n, session.Approve, form).want(t, 200)
	approval, _ := k.question(n).ApprovalOf(1)
	if !slices.Equal(approval.Despite, []string{"officialese"}) || k.question(n).Acts[session.Approve].Note != "It is the name of a law." {
		t.Errorf("approved with %+v", approval)
	}
	_, log := k.api(anna, http.MethodGet, "/tax/log", "")
	entries, _ := log["entries"].([]any)
	last, _ := entries[len(entries)-1].(map[string]any)
	if last["verb"] != "approve" || last["reason"] != "It is the name of a law." {
		t.Errorf("the log says %v", last)
	}
	plain := k.reviewed("Where?", "At the office.")
	a.get(a.at()).without(t, "Why does it go out all the same?")
	k.approve(plain)
}

// TestGuidelinesWhileTyping: what the preview will say is said below the field already.
func TestGuidelinesWhileTyping(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	n := k.claimed("How much?")
	p, _ := k.as(janis).types(n, "a", "", "WRITE TO US AT ONCE! Call 26123456 prior to that.")
	p.want(t, 200, "phone number", "“prior to” → “before”")
}
