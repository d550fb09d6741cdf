package deskpage

import (
	"fmt"
	"strings"
	"testing"

	"experthour/internal/session"
)

// TestNobodyReadsAProof: what is kept of a receipt stands on no page and in no answer of
// the desk, and not in the record.
func TestNobodyReadsAProof(t *testing.T) {
	t.Parallel()
	k := newKit(t).open()
	_, _, err := k.svc.Ask(t.Context(), session.Asked{Session: slug, Key: "k", Text: "Who pays?", Email: "a@example.com",
		Origin: session.Origin{Connector: session.Page}, Proof: session.Proof{Salt: "MARKER-S", Hash: "MARKER-H"}})
	if err != nil || k.question(1).Proof.Salt != "MARKER-S" {
		t.Fatal(err, k.question(1).Proof)
	}
	b := k.as(anna)
	var all strings.Builder
	for _, path := range []string{"", "/board", "/cards/1", "/triage", "/close"} {
		all.WriteString(b.get(b.at()+path).want(t, 200).body)
	}
	token := k.token(anna)
	for _, path := range []string{"", "/tax", "/tax/questions", "/tax/log"} {
		_, body := k.call(token, "GET", path, "")
		all.WriteString(body)
	}
	record, err := k.store.Record(t.Context(), slug)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&all, "%+v", record)
	if strings.Contains(all.String(), "MARKER") || !strings.Contains(all.String(), "Who pays?") {
		t.Error("the proof of a receipt is shown")
	}
}
