package xfake_test

import (
	"testing"
	"time"

	"experthour/internal/connector/x/xfake"
	"experthour/internal/connector/x/xtest"
	"experthour/internal/testenv"
)

// TestSomebodyElsesClient: X's own client understands the fake, and is understood; where X's
// description is at hand, what goes either way is as described.
func TestSomebodyElsesClient(t *testing.T) {
	t.Parallel()
	x := xfake.Make(time.Now)
	x.Serve(t, xtest.Judge(t, x))
	asked := x.Write("2244994945", "@iestade When?")
	talk := x.Write("2244994945", "Nothing.")
	testenv.Node(t, "clients", "x.mjs", x.URL, xfake.Key, xfake.Secret, xfake.Token, xfake.TokenSecret, asked, talk)
	if n := len(x.Posts()); n != 2 {
		t.Errorf("%d posts stand", n)
	}
}
