package flickrfake_test

import (
	"testing"
	"time"

	"experthour/internal/connector/flickr/flickrfake"
	"experthour/internal/testenv"
)

// TestSomebodyElsesClient: Flickr's own client understands the fake, and is understood.
func TestSomebodyElsesClient(t *testing.T) {
	t.Parallel()
	f := flickrfake.New(t, time.Now)
	asked := f.Write("35468159852@N01", "Ilze", "Kas ir?")
	testenv.Node(t, "clients", "flickr.mjs", f.URL, flickrfake.Key, flickrfake.Secret, flickrfake.Token, flickrfake.TokenSecret,
		flickrfake.Photo, asked)
	if n := len(f.Comments()); n != 1 {
		t.Errorf("%d comments stand", n)
	}
}
