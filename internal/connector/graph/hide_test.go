package graph

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
)

// TestHide: what the institution had hidden stays so, what vanished while it was hidden is shown
// again all the same, and what nobody knows may be repeated.
func TestHide(t *testing.T) {
	t.Parallel()
	var posted []string
	is, lost := false, error(nil)
	h := Hiding{Memory: connectortest.NewMemory(), Of: "17", To: "/17", Param: "hide",
		Look: func(context.Context) (bool, error) { return is, lost },
		Post: func(_ context.Context, to string, params url.Values, _ any) error {
			posted = append(posted, to+"?"+params.Encode())
			return Unusable(http.MethodPost)
		}}
	try := func(what string, hidden bool, want string) {
		t.Helper()
		posted = nil
		err := h.Hide(t.Context(), hidden)
		switch {
		case want == "" && (err != nil || len(posted) > 0):
			t.Errorf("%s: %q, %v", what, posted, err)
		case want != "" && (len(posted) != 1 || posted[0] != want || connector.OutcomeOf(err).Outcome != connector.Deferred):
			t.Errorf("%s: %q, %v", what, posted, err)
		}
	}
	is = true
	try("hidden already", true, "")
	try("by somebody else", false, "")
	is, lost = false, &answered{subMissing, &connector.SendError{Cause: errors.New("x")}}
	if err := h.Hide(t.Context(), true); err == nil {
		t.Error("an error that is not the API's own counts as missing")
	}
	lost = nil
	try("hides", true, "/17?hide=true")
	is = true
	try("shows", false, "/17?hide=false")
}

// TestHiddenByHandAfterwards: what the institution hides by hand after it was shown again stays so.
func TestHiddenByHandAfterwards(t *testing.T) {
	t.Parallel()
	is := false
	h := Hiding{Memory: connectortest.NewMemory(), Of: "17", To: "/17", Param: "hide",
		Look: func(context.Context) (bool, error) { return is, nil },
		Post: func(_ context.Context, _ string, params url.Values, into any) error {
			is = params.Get("hide") == "true"
			return json.Unmarshal([]byte(`{"success":true}`), into)
		}}
	hide := func(hidden bool) {
		t.Helper()
		if err := h.Hide(t.Context(), hidden); err != nil {
			t.Fatal(err)
		}
	}
	hide(true)
	hide(false)
	if is {
		t.Fatal("it is not shown again")
	}
	is = true // by hand
	hide(true)
	hide(false)
	if !is {
		t.Error("it is shown again")
	}
}
