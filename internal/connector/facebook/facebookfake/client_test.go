package facebookfake_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector/facebook/facebookfake"
	"experthour/internal/testenv"
)

// asked are the fields that the connector asks of a comment, and written those of a post: the client
// says whether Meta's own description has them.
const (
	asked = "id,message,from{id},created_time,like_count,is_hidden,can_comment,permalink_url,parent{id,from{id}}," +
		"attachment{type,target{id}}"
	written = "id,message,from{id},created_time,permalink_url"
)

// TestSomebodyElsesClient: the client that Meta gives to everybody understands the fake, and is
// understood.
func TestSomebodyElsesClient(t *testing.T) {
	t.Parallel()
	p := facebookfake.New(t, time.Now)
	post := p.Publish("An hour.")
	question := p.Write(post, "7100000000000000001", "Ilze", "When?")
	mac := hmac.New(sha256.New, []byte(facebookfake.AppSecret))
	mac.Write([]byte(facebookfake.Token))
	testenv.Node(t, "clients", "facebook.mjs", strings.TrimSuffix(p.URL, "/"+facebookfake.Version), facebookfake.Token,
		hex.EncodeToString(mac.Sum(nil)), facebookfake.Self, post, question, asked, written)
	if n := len(p.Nodes()); n != 2 {
		t.Errorf("%d nodes stand", n)
	}
}
