package xfake

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// clocks is how far the clock of who signs may be off.
const clocks = 5 * time.Minute

// unauthorized is all that X says of whom it does not let in.
func unauthorized(why string) error {
	return &problem{"Unauthorized", "Unauthorized", "about:blank#fake-" + why, http.StatusUnauthorized}
}

// admit looks who asks. What stands in a JSON body is not signed.
func (x *X) admit(call *request) error {
	r := call.Request
	if token, is := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); is {
		return x.bearer(token, call.call)
	}
	if call.call.app { // X's description lets an account register webhooks too, its pages do not
		return unauthorized("app-only")
	}
	oauth := header(r)
	at, err := strconv.ParseInt(oauth.Get("oauth_timestamp"), 10, 64)
	nonce := oauth.Get("oauth_timestamp") + " " + oauth.Get("oauth_nonce")
	switch {
	case len(oauth) == 0:
		return unauthorized("unsigned")
	case oauth.Get("oauth_consumer_key") != Key:
		return unauthorized("key")
	case oauth.Get("oauth_token") != Token || x.revoked:
		return unauthorized("token")
	case oauth.Get("oauth_version") != "" && oauth.Get("oauth_version") != "1.0" || oauth.Get("oauth_signature_method") != "HMAC-SHA1":
		return unauthorized("method")
	case err != nil || x.now().Sub(time.Unix(at, 0)).Abs() > clocks:
		return unauthorized("time")
	case len(oauth.Get("oauth_nonce")) < 8 || x.nonces[nonce]:
		return unauthorized("nonce")
	case !matches(r, oauth):
		return unauthorized("signature")
	}
	x.nonces[nonce] = true
	return nil
}

// matches computes the signature anew.
func matches(r *http.Request, oauth url.Values) bool {
	mac := hmac.New(sha1.New, []byte(percent(Secret)+"&"+percent(TokenSecret)))
	mac.Write([]byte(base(r, r.URL.Query(), oauth)))
	given, err := base64.StdEncoding.DecodeString(oauth.Get("oauth_signature"))
	return err == nil && hmac.Equal(given, mac.Sum(nil))
}

// base is the text that is signed (RFC 5849, 3.4.1).
func base(r *http.Request, params, oauth url.Values) string {
	var pairs []string
	for _, vs := range []url.Values{params, oauth} {
		for k, all := range vs {
			if k == "oauth_signature" || k == "realm" {
				continue
			}
			for _, v := range all {
				pairs = append(pairs, percent(k)+"="+percent(v))
			}
		}
	}
	slices.Sort(pairs)
	address := "http://" + strings.ToLower(r.Host) + r.URL.EscapedPath()
	return r.Method + "&" + percent(address) + "&" + percent(strings.Join(pairs, "&"))
}

// header reads the parameters of "Authorization: OAuth".
func header(r *http.Request) url.Values {
	out := url.Values{}
	rest, is := strings.CutPrefix(r.Header.Get("Authorization"), "OAuth ")
	if !is {
		return out
	}
	for part := range strings.SplitSeq(rest, ",") {
		k, v, _ := strings.Cut(strings.TrimSpace(part), "=")
		name, err1 := url.PathUnescape(k)
		value, err2 := url.PathUnescape(strings.Trim(v, `"`))
		if err1 == nil && err2 == nil {
			out.Set(name, value)
		}
	}
	return out
}

const unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"

// percent encodes as RFC 3986 says, byte by byte.
func percent(s string) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for _, c := range []byte(s) {
		if strings.IndexByte(unreserved, c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.Write([]byte{'%', digits[c>>4], digits[c&15]})
	}
	return b.String()
}
