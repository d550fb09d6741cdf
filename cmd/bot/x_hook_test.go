package main

import (
	"bytes"
	"net/http"
	"slices"
	"testing"
	"time"

	"experthour/internal/connector/x/xfake"
	"experthour/internal/testenv"
)

// TestXWebhook: the program has X call it by itself. A question that only the webhook brought outlives a kill right after it
// was acknowledged, comes again and out of order, and is one; what X did not sign is none.
func TestXWebhook(t *testing.T) {
	t.Parallel()
	c := newClerks(t)
	a, own := joinAccount(c, "webhook = true")
	a.x.Near(true)
	a.configure(a.at.public(plain(realRedis(t), a.at) + own))
	a.begin()
	a.at.schedule("homes")
	a.once("We have started")
	testenv.Until(t, "X knows the webhook", func() bool { return a.x.Calls(xfake.Subscribe) == 2 })
	a.checks("X brings mentions and replies by itself", 0)
	a.x.Lag(24 * time.Hour) // no list has what is written now
	asked := a.x.Write("2244994945", "@iestade When is the next round?")
	if got := a.x.Bring(asked); !slices.Equal(got, []int{http.StatusOK}) {
		t.Fatalf("it is answered %v", got)
	}
	a.kill()
	a.question(1, "When is the next round?")
	other := a.x.Write("2244994946", "@iestade Is it warm?")
	body, signature := a.x.Call(a.x.Event(xfake.OnMention, other))
	if status := a.called(bytes.ReplaceAll(body, []byte("warm"), []byte("cold")), signature); status != http.StatusUnauthorized {
		t.Errorf("a wrong signature is answered %d", status)
	}
	a.x.Bring(other)
	if got := a.x.Again(); !slices.Equal(got, []int{http.StatusOK, http.StatusOK}) {
		t.Errorf("again it is answered %v", got)
	}
	a.question(2, "Is it warm?")
	a.x.Prove()
	a.checks("X brings mentions and replies by itself", 0)
	a.submit(a.question(2, "next round"), "In spring.")
	a.approve(janis, 2, "next round")
	if answer := a.once("In spring."); answer.ReplyTo != asked {
		t.Errorf("the answer is %+v", answer)
	}
	a.rests(2)
}

// called has somebody call the webhook, and gives the status.
func (a *xAccount) called(body []byte, signature string) int {
	a.Helper()
	r, err := http.NewRequestWithContext(a.Context(), http.MethodPost, a.at.base+"/webhooks/x/x", bytes.NewReader(body))
	if err != nil {
		a.Fatal(err)
	}
	r.Header.Set("x-twitter-webhooks-signature", signature)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		a.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}
