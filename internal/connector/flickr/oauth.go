package flickr

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" // the only method that Flickr takes: https://www.flickr.com/services/api/auth.oauth.html
	"encoding/base64"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// signer signs requests as OAuth 1.0a does (RFC 5849).
type signer struct {
	address     string // of the endpoint, as it is signed
	key, secret string
	credentials
	now   func() time.Time
	nonce func() string
}

// credentials are a token and its secret.
type credentials struct{ token, tokenSecret string }

func newSigner(a Account, now func() time.Time) signer {
	return signer{address: signed(strings.TrimRight(a.URL, "/") + "/"), key: a.Key, secret: a.Secret.Reveal(), now: now, nonce: rand.Text}
}

// with signs with a token.
func (s signer) with(c credentials) signer {
	s.credentials = c
	return s
}

// to signs another address.
func (s signer) to(address string) signer {
	s.address = signed(address)
	return s
}

// signed is an address as it stands in a signature: in lower case, without a port that goes
// without saying (3.4.1.2). One that cannot be read is found by the check of the settings.
func signed(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	host := strings.ToLower(u.Host)
	for scheme, port := range map[string]string{"http": ":80", "https": ":443"} {
		if u.Scheme == scheme {
			host = strings.TrimSuffix(host, port)
		}
	}
	return u.Scheme + "://" + host + u.EscapedPath()
}

// header is what a request with these parameters carries as Authorization.
func (s signer) header(method string, params url.Values) string {
	oauth := map[string]string{"oauth_consumer_key": s.key, "oauth_signature_method": "HMAC-SHA1",
		"oauth_timestamp": strconv.FormatInt(s.now().Unix(), 10), "oauth_nonce": s.nonce(), "oauth_version": "1.0"}
	if s.token != "" {
		oauth["oauth_token"] = s.token
	}
	oauth["oauth_signature"] = s.signature(method, params, oauth)
	var parts []string
	for k, v := range oauth {
		parts = append(parts, k+`="`+percent(v)+`"`)
	}
	slices.Sort(parts)
	return "OAuth " + strings.Join(parts, ", ")
}

func (s signer) signature(method string, params url.Values, oauth map[string]string) string {
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
	mac.Write([]byte(method + "&" + percent(s.address) + "&" + percent(strings.Join(pairs, "&"))))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// percent encodes as RFC 3986 does: a form has "+" for a space, and a signature has not.
func percent(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
