package httpapi

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestSignatureOfTheStandard: RFC 5849, 1.2 has one that others computed.
func TestSignatureOfTheStandard(t *testing.T) {
	t.Parallel()
	o := OAuth1{Key: "dpf43f3p2l4k3l03", Secret: "kd94hf93k423kf44", Token: "nnch734d00sl2jdk", TokenSecret: "pfkkdhi9sl3r4s00"}
	got := o.signature("GET", "HTTP://photos.example.net:80/photos", url.Values{"file": {"vacation.jpg"}, "size": {"original"}},
		map[string]string{"oauth_consumer_key": o.Key, "oauth_token": o.Token, "oauth_signature_method": "HMAC-SHA1",
			"oauth_timestamp": "137131202", "oauth_nonce": "chapoH"})
	if want := "MdpQcU8iPSUjWoN/UDMsK2sui9I="; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestOAuth1Header: no two requests carry the same, no secret is in one, and without a token the
// app signs alone.
func TestOAuth1Header(t *testing.T) {
	t.Parallel()
	o := OAuth1{Key: "key", Secret: "hidden-one", TokenSecret: "hidden-two", Now: func() time.Time { return time.Unix(1, 0) }}
	a, b := o.Header("GET", "https://x.example/1", nil), o.Header("GET", "https://x.example/1", nil)
	if a == b || strings.Contains(a, "hidden") || strings.Contains(a, "oauth_token") ||
		!strings.HasPrefix(a, `OAuth oauth_consumer_key="key"`) {
		t.Errorf("%s\n%s", a, b)
	}
	o.Token = "token"
	if a = o.Header("GET", "https://x.example/1", nil); !strings.Contains(a, `oauth_token="token"`) {
		t.Error(a)
	}
}
