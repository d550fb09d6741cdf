package flickrfake

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

// grant is what a request may do.
type grant struct {
	token, perms string
}

// admit looks who asks.
func (f *Flickr) admit(r *http.Request, params url.Values) (grant, error) {
	oauth := oauthOf(r, params)
	if len(oauth) == 0 {
		return grant{}, f.keyed(params.Get("api_key"))
	}
	if err := f.keyed(oauth.Get("oauth_consumer_key")); err != nil {
		return grant{}, err
	}
	return f.verify(r, params, oauth)
}

func (f *Flickr) keyed(key string) error {
	if key != Key {
		return fail(100, "Invalid API Key (Key has invalid format)")
	}
	return nil
}

func (f *Flickr) verify(r *http.Request, params, oauth url.Values) (grant, error) {
	name := oauth.Get("oauth_token")
	at, err := strconv.ParseInt(oauth.Get("oauth_timestamp"), 10, 64)
	nonce := oauth.Get("oauth_timestamp") + " " + oauth.Get("oauth_nonce")
	switch {
	case oauth.Get("oauth_signature") == "":
		return grant{}, fail(97, "Missing signature")
	case oauth.Get("oauth_version") != "" && oauth.Get("oauth_version") != "1.0":
		return grant{}, problem("version_rejected")
	case oauth.Get("oauth_signature_method") != "HMAC-SHA1":
		return grant{}, problem("signature_method_rejected")
	case err != nil || f.now().Sub(time.Unix(at, 0)).Abs() > clocks:
		return grant{}, problem("timestamp_refused")
	case len(oauth.Get("oauth_nonce")) < 8:
		return grant{}, problem("parameter_absent&oauth_parameters_absent=oauth_nonce")
	case f.nonces[nonce]:
		return grant{}, problem("nonce_used")
	case !f.matches(r, params, oauth, f.secretOf(name)):
		return grant{}, fail(96, "Invalid signature")
	}
	f.nonces[nonce] = true
	if _, given := f.tokens[name]; name != "" && (!given || f.revoked) && f.requests[name] == nil {
		return grant{}, fail(98, "Invalid auth token")
	}
	return grant{token: name, perms: f.tokens[name].perms}, nil
}

// matches computes the signature anew.
func (f *Flickr) matches(r *http.Request, params, oauth url.Values, secret string) bool {
	mac := hmac.New(sha1.New, []byte(percent(Secret)+"&"+percent(secret)))
	mac.Write([]byte(base(r, params, oauth)))
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
	pairs = slices.Compact(pairs) // what of OAuth stands among the others was taken twice
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
