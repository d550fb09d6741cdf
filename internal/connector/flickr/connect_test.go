package flickr

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/connector/flickr/flickrfake"
	"experthour/internal/connector/receive"
	"experthour/internal/setting"
)

// visitor is somebody with a browser, who types what the page shows.
type visitor struct {
	back string
	code string // that is typed instead
	deny bool
}

func (v visitor) Back() string { return v.back }

// Ask presses the button of the page.
func (v visitor) Ask(_ context.Context, page string, params url.Values) (connector.Grant, error) {
	for name, value := range map[string]string{"response_type": "code", "state": "s", "code_challenge": "c", "code_challenge_method": "S256"} {
		params.Set(name, value)
	}
	form := url.Values{}
	if v.deny {
		form.Set("deny", "1")
	}
	resp, err := http.PostForm(page+"?"+params.Encode(), form)
	if err != nil {
		return connector.Grant{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, _ := io.ReadAll(resp.Body)
	_, rest, _ := strings.Cut(string(body), `class="code">`)
	code, _, _ := strings.Cut(rest, "<")
	if v.code != "" {
		code = v.code
	}
	return connector.Grant{Code: code}, nil
}

// unconnected is a world without a token in the file.
func unconnected(t *testing.T) *world {
	w := newWorld(t)
	w.account.Token, w.account.TokenSecret = setting.Secret{}, setting.Secret{}
	w.Flickr = w.replica(Settings{})
	return w
}

// TestConnect: the token of whoever logs in is in the vault, and counts with the next call;
// without one people are told what to do, and nothing is refused for good.
func TestConnect(t *testing.T) {
	t.Parallel()
	w := unconnected(t)
	if fs := w.Check(t.Context()); len(fs) != 1 || fs[0].ID != "flickr.connect" || !fs[0].Bad {
		t.Errorf("without a token: %+v", fs)
	}
	if trouble, ok := errors.AsType[*receive.Trouble](w.look(w.Flickr)); !ok || trouble.ID != "flickr.connect" {
		t.Errorf("people are told %+v", trouble)
	}
	_, err := w.Reply(t.Context(), w.answer("k1", "Jā."))
	w.Wants("without a token", err, connector.Deferred)
	for range 2 { // the second replaces the first
		w.Must(w.Connect(t.Context(), visitor{}))
		if fs := w.Check(t.Context()); fs[0].ID != "flickr.works" || fs[0].Bad {
			t.Errorf("with one: %+v", fs)
		}
		c, err := w.credentials(t.Context())
		all := w.fake.Tokens()
		if err != nil || c.token == flickrfake.Token || !slices.Contains(all, c.token) || !slices.Contains(all, c.tokenSecret) {
			t.Errorf("the token in the vault is none of Flickr's: %v", err)
		}
	}
	_, err = w.Reply(t.Context(), w.answer("k1", "Jā."))
	w.Must(err)
	w.Must(w.look(w.Flickr))
	asked := w.fake.Calls("flickr.test.login")
	w.Must(w.Connect(t.Context(), visitor{})) // perhaps with another account
	w.Must(w.look(w.Flickr))
	if n := w.fake.Calls("flickr.test.login"); n != asked+1 {
		t.Errorf("with a new token it was asked %d times whose it is", n-asked)
	}
	w.Reads("Jā.")
	if got := w.Inbox.Texts(); !slices.Equal(got, []string{"Kas ir?"}) {
		t.Errorf("asked %q", got)
	}
}

// TestConnectFails: a token in the file counts, so no other one is made beside it; and a step that
// goes wrong leaves what was there, and tells no secret.
func TestConnectFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := w.Connect(t.Context(), visitor{}); !errors.Is(err, errGiven) {
		t.Errorf("beside a token of the file: %v", err)
	}
	w = unconnected(t)
	if err := w.Connect(t.Context(), visitor{back: "http://127.0.0.1:9/"}); !errors.Is(err, errTyped) {
		t.Errorf("without typing: %v", err)
	}
	w.Must(w.Connect(t.Context(), visitor{}))
	before, _ := w.credentials(t.Context())
	for says, v := range map[string]visitor{"verifier_invalid": {code: "s3cret-code"}, "parameter_absent": {deny: true}} {
		err := w.Connect(t.Context(), v)
		w.Wants(says, err, connector.Refused)
		if !strings.Contains(connector.OutcomeOf(err).Detail, says) || strings.Contains(err.Error(), "s3cret") {
			t.Error(err)
		}
	}
	w.sign.Secret = "wrong"
	err := w.Connect(t.Context(), visitor{})
	if w.Wants("secret", err, connector.Refused); !strings.Contains(err.Error(), "signature_invalid") {
		t.Error(err)
	}
	w.oauth = w.fake.URL // where no log-in is
	w.Wants("address", w.Connect(t.Context(), visitor{}), connector.Deferred)
	if after, err := w.credentials(t.Context()); after != before || err != nil {
		t.Errorf("afterwards the token is another one: %v", err)
	}
}
