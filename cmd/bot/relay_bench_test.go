package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	slackapi "github.com/slack-go/slack"

	"experthour/internal/connector/slack/slackfake"
	"experthour/internal/testenv"
)

// newRelay is the yardstick: a bridge that takes the same request, stores nothing, and
// posts a message with the buttons of a card before it answers.
func newRelay(b *testing.B, s *chatBench) string {
	b.Helper()
	api := slackapi.New("xoxb-test", slackapi.OptionAPIURL(s.ws.URL()+"/"))
	relay := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct{ Text string }
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		words := func(text string) *slackapi.TextBlockObject {
			return slackapi.NewTextBlockObject(slackapi.PlainTextType, text, false, false)
		}
		var buttons []slackapi.BlockElement
		for _, label := range []string{"Accept", "Decline", "Merge", "Redirect"} {
			buttons = append(buttons, slackapi.NewButtonBlockElement(label, "1", words(label)))
		}
		_, _, err := api.PostMessageContext(r.Context(), s.desk.ID(), slackapi.MsgOptionText(in.Text, false), slackapi.MsgOptionBlocks(
			slackapi.NewSectionBlock(words(in.Text), nil, nil), slackapi.NewActionBlock("card", buttons...)))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		w.WriteHeader(http.StatusCreated)
	}))
	b.Cleanup(relay.Close)
	return relay.URL
}

// request asks over HTTP and returns when what it asks stands in Slack.
func (s *chatBench) request(b *testing.B, url, text string) time.Duration {
	b.Helper()
	wait, cancel := context.WithTimeout(s.ctx, testenv.Patience)
	defer cancel()
	body, _ := json.Marshal(map[string]string{"text": text, "key": text})
	began := time.Now()
	resp, err := http.Post(url, "application/json", bytes.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	resp.Body.Close()
	if resp.StatusCode != http.StatusCreated {
		b.Fatal(resp.Status)
	}
	if err := s.desk.Await(wait, func(c *slackfake.Channel) bool { return c.Find(text) != nil }); err != nil {
		b.Fatal(err)
	}
	return time.Since(began)
}

// BenchmarkRelay measures from the request with a question to its card, in turns with a
// relay that stores nothing; "ratio" is how many times longer the program takes (median).
func BenchmarkRelay(b *testing.B) {
	testenv.Need(b, "redis-server")
	s := newChatBench(b)
	relay, ask := newRelay(b, s), s.base+"/api/v1/sessions/bench/questions"
	var ours, bare []time.Duration
	for n := 0; b.Loop(); n++ {
		bare = append(bare, s.request(b, relay, fmt.Sprintf("Relayed %d?", n)))
		ours = append(ours, s.request(b, ask, fmt.Sprintf("Asked %d?", n)))
		b.StopTimer()
		time.Sleep(2500 * time.Millisecond) // the program's own budgets are full again
		b.StartTimer()
	}
	reportTimes(b, "card", ours)
	reportTimes(b, "relay", bare)
	b.ReportMetric(float64(cmp.Or(ours[len(ours)/2], 1))/float64(bare[len(bare)/2]), "ratio")
}
