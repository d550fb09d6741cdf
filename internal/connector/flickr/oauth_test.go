package flickr

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestSignatureOfTheStandard: RFC 5849, 1.2 has one that others computed.
func TestSignatureOfTheStandard(t *testing.T) {
	t.Parallel()
	s := signer{address: signed("HTTP://photos.example.net:80/photos"), key: "dpf43f3p2l4k3l03", secret: "kd94hf93k423kf44",
		credentials: credentials{"nnch734d00sl2jdk", "pfkkdhi9sl3r4s00"}}
	got := s.signature("GET", url.Values{"file": {"vacation.jpg"}, "size": {"original"}}, map[string]string{"oauth_consumer_key": s.key,
		"oauth_token": s.token, "oauth_signature_method": "HMAC-SHA1", "oauth_timestamp": "137131202", "oauth_nonce": "chapoH"})
	if want := "MdpQcU8iPSUjWoN/UDMsK2sui9I="; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestHeader: no two requests carry the same, and no secret is in one.
func TestHeader(t *testing.T) {
	t.Parallel()
	s := newSigner(Account{URL: endpoint, Key: "key"}, func() time.Time { return time.Unix(1, 0) })
	s.secret, s.tokenSecret = "hidden-one", "hidden-two"
	a, b := s.header("GET", nil), s.header("GET", nil)
	if a == b || strings.Contains(a, "hidden") || !strings.HasPrefix(a, "OAuth oauth_consumer_key=\"key\"") {
		t.Errorf("%s\n%s", a, b)
	}
	if s.address != "https://api.flickr.com/services/rest/" {
		t.Error(s.address)
	}
}
