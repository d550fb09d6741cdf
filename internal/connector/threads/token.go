package threads

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// debugged is what Threads says of a token
// (https://developers.facebook.com/documentation/threads/reference/debug).
type debugged struct {
	Valid  bool     `json:"is_valid"`
	Ends   int64    `json:"expires_at"`
	Scopes []string `json:"scopes"`
}

// debug asks about a token; only a tester of the app may.
func (t *Threads) debug(ctx context.Context, access string) (debugged, error) {
	var said struct{ Data debugged }
	err := t.login.With(ctx, access, http.MethodGet, version+"/debug_token", url.Values{"input_token": {access}}, &said)
	return said.Data, err
}

// ends is when a token ends that is good; zero is that Threads does not say it.
func (t *Threads) ends(ctx context.Context, access string) time.Time {
	d, err := t.debug(ctx, access)
	if err != nil || !d.Valid || d.Ends <= 0 {
		return time.Time{}
	}
	return time.Unix(d.Ends, 0)
}
