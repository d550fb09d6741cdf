package httpapi

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" // of all methods the one that platforms take
	"encoding/base64"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// OAuth1 signs requests as OAuth 1.0a does (RFC 5849, HMAC-SHA1). Without a Token it signs as the
// app alone.
type OAuth1 struct {
	Key, Secret        string // of the app
	Token, TokenSecret string
	Now                func() time.Time
	Nonce              func() string // nil is a random one
}

// Header is what a request to an address carries as Authorization. Params are those of the query or
// of a form; what stands in a body of another kind is not signed.
func (o OAuth1) Header(method, address string, params url.Values) string {
	if o.Nonce == nil {
		o.Nonce = rand.Text
	}
	oauth := map[string]string{"oauth_consumer_key": o.Key, "oauth_signature_method": "HMAC-SHA1",
		"oauth_timestamp": strconv.FormatInt(o.Now().Unix(), 10), "oauth_nonce": o.Nonce(), "oauth_version": "1.0"}
	if o.Token != "" {
		oauth["oauth_token"] = o.Token
	}
	oauth["oauth_signature"] = o.signature(method, address, params, oauth)
	var parts []string
	for k, v := range oauth {
		parts = append(parts, k+`="`+percent(v)+`"`)
	}
	slices.Sort(parts)
	return "OAuth " + strings.Join(parts, ", ")
}

func (o OAuth1) signature(method, address string, params url.Values, oauth map[string]string) string {
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
	mac := hmac.New(sha1.New, []byte(percent(o.Secret)+"&"+percent(o.TokenSecret)))
	mac.Write([]byte(method + "&" + percent(signed(address)) + "&" + percent(strings.Join(pairs, "&"))))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// signed is an address as it stands in a signature: in lower case, without a port that goes without
// saying (3.4.1.2). One that cannot be read is found by whoever checks the settings.
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

// percent encodes as RFC 3986 does: a form has "+" for a space, and a signature has not.
func percent(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
