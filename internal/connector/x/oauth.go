package x

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" // the only method that X takes: https://docs.x.com/fundamentals/authentication/oauth-1-0a/creating-a-signature
	"encoding/base64"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// signer signs requests as OAuth 1.0a does (RFC 5849). What stands in a JSON body is not signed.
type signer struct {
	base               string // of all addresses, as it is signed
	key, secret        string
	token, tokenSecret string
	now                func() time.Time
	nonce              func() string
}

func newSigner(a Account, now func() time.Time) signer {
	return signer{base: signed(a.URL), key: a.Key, secret: a.Secret.Reveal(), token: a.Token.Reveal(),
		tokenSecret: a.TokenSecret.Reveal(), now: now, nonce: rand.Text}
}

// signed is the beginning of addresses as it stands in a signature: in lower case, without a port
// that goes without saying (3.4.1.2). One that cannot be read is found by the check of the settings.
func signed(base string) string {
	u, err := url.Parse(strings.TrimRight(base, "/"))
	if err != nil {
		return base
	}
	host := strings.ToLower(u.Host)
	for scheme, port := range map[string]string{"http": ":80", "https": ":443"} {
		if u.Scheme == scheme {
			host = strings.TrimSuffix(host, port)
		}
	}
	return u.Scheme + "://" + host + u.EscapedPath()
}

// header is what a request to a path with these parameters carries as Authorization.
func (s signer) header(method, path string, params url.Values) string {
	oauth := map[string]string{"oauth_consumer_key": s.key, "oauth_token": s.token, "oauth_signature_method": "HMAC-SHA1",
		"oauth_timestamp": strconv.FormatInt(s.now().Unix(), 10), "oauth_nonce": s.nonce(), "oauth_version": "1.0"}
	oauth["oauth_signature"] = s.signature(method, path, params, oauth)
	var parts []string
	for k, v := range oauth {
		parts = append(parts, k+`="`+percent(v)+`"`)
	}
	slices.Sort(parts)
	return "OAuth " + strings.Join(parts, ", ")
}

func (s signer) signature(method, path string, params url.Values, oauth map[string]string) string {
	var pairs []string
	for k, vs := range params {
		for _, v := range vs {
			pairs = append(pairs, percent(k)+"="+percent(v))
		}
	}
	for k, v := range oauth {
		pairs = append(pairs, percent(k)+"="+percent(v))
	}
	slices.Sort(pairs)
	mac := hmac.New(sha1.New, []byte(percent(s.secret)+"&"+percent(s.tokenSecret)))
	mac.Write([]byte(method + "&" + percent(s.base+path) + "&" + percent(strings.Join(pairs, "&"))))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// percent encodes as RFC 3986 does: a form has "+" for a space, and a signature has not.
func percent(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
