package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"experthour/internal/testenv"
)

// clerks are an institution's staff, who hold the hour "homes" through the JSON API.
type clerks struct {
	*testing.T
	at      *institution
	tokens  map[string]string
	presses int // decisions that they made about questions
}

func newClerks(t *testing.T) *clerks {
	return &clerks{T: t, at: newInstitution(t), tokens: map[string]string{}}
}

// configure writes the configuration, with which the program is not started yet.
func (c *clerks) configure(text string) {
	c.Helper()
	writeConfig(c.T, c.at.dir, text)
	for _, name := range []string{anna, janis, edgars} {
		c.tokens[name] = c.at.token(name)
	}
}

// question waits until the desk has n questions, and gives the one that says something.
func (c *clerks) question(n int, says string) (found map[string]any) {
	c.Helper()
	testenv.Until(c, fmt.Sprint(n, " questions, one with ", says), func() bool {
		all := c.questions()
		if len(all) > n {
			c.Fatalf("%d questions, want %d: %v", len(all), n, all)
		}
		for _, q := range all {
			if strings.Contains(fmt.Sprint(q["text"]), says) {
				found = q
			}
		}
		return len(all) == n && found != nil
	})
	return found
}

// questions are those at the desk.
func (c *clerks) questions() (all []map[string]any) {
	c.Helper()
	_, out := c.at.api(c.tokens[anna], http.MethodGet, "/api/v1/desk/sessions/homes/questions", nil)
	listed, _ := out["questions"].([]any)
	for _, q := range listed {
		all = append(all, q.(map[string]any))
	}
	return all
}

// becomes waits until a question is in a state.
func (c *clerks) becomes(n int, says, state string) {
	c.Helper()
	testenv.Until(c, says+" is "+state, func() bool { return c.question(n, says)["state"] == state })
}

// give gives a command about a question.
func (c *clerks) give(who string, q map[string]any, verb string, in map[string]any) {
	c.Helper()
	c.presses++
	c.tell(who, fmt.Sprintf("/questions/%v/%s", q["number"], verb), in)
}

// tell gives a command about the hour.
func (c *clerks) tell(who, what string, in map[string]any) {
	c.Helper()
	if status, out := c.at.api(c.tokens[who], http.MethodPost, "/api/v1/desk/sessions/homes"+what, in); status != http.StatusOK {
		c.Fatalf("%s by %s: %d %v", what, who, status, out)
	}
}

// submit answers a question, which is accepted before.
func (c *clerks) submit(q map[string]any, answer string) {
	c.Helper()
	c.give(anna, q, "accept", nil)
	c.give(edgars, q, "submit", map[string]any{"text": answer})
}

// approve approves what the answer of a question is now.
func (c *clerks) approve(who string, n int, says string) {
	c.Helper()
	q := c.question(n, says)
	c.give(who, q, "approve", map[string]any{"revision": q["revision"], "digest": q["digest"]})
}

// due are the places to which a copy of a question is on its way.
func (c *clerks) due(n int) (all []string) {
	c.Helper()
	_, out := c.at.api(c.tokens[anna], http.MethodGet, fmt.Sprintf("/api/v1/desk/sessions/homes/log?question=%d", n), nil)
	copies, _ := out["copies"].([]any)
	for _, one := range copies {
		if one := one.(map[string]any); one["due"] == true {
			all = append(all, fmt.Sprint(one["target"]))
		}
	}
	slices.Sort(all)
	return all
}

// rests waits until nothing of the first n questions is on its way.
func (c *clerks) rests(n int) {
	c.Helper()
	for i := range n {
		testenv.Until(c, fmt.Sprintf("nothing of question %d is on its way", i+1), func() bool { return c.due(i+1) == nil })
	}
}

// close closes the hour as soon as that is possible.
func (c *clerks) close() {
	c.Helper()
	testenv.Until(c, "the hour is closed", func() bool {
		status, _ := c.at.api(c.tokens[anna], http.MethodPost, "/api/v1/desk/sessions/homes/close", map[string]any{})
		return status == http.StatusOK
	})
}

// public waits until the public reads something.
func (c *clerks) public(what string, ok func(said string) bool) {
	c.Helper()
	testenv.Until(c, what, func() bool {
		_, out := c.at.api("", http.MethodGet, "/api/v1/sessions/homes", nil)
		return ok(fmt.Sprint(out))
	})
}
