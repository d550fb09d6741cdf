package transcript

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"experthour/internal/session"
)

// tags are all elements that a document is made of, with their attributes.
var tags = map[string][]string{
	"html": {"lang"}, "head": nil, "meta": {"charset", "name", "http-equiv", "content"}, "title": nil, "style": nil, "body": nil, "main": nil,
	"article": {"class", "lang"}, "header": nil, "footer": nil, "section": {"class", "id"}, "h1": {"dir"}, "h2": nil, "h3": nil,
	"h4": nil, "p": {"class", "dir"}, "div": {"class", "lang", "dir"}, "span": {"dir"}, "time": {"datetime"}, "code": nil,
	"dl": {"class", "id"},
	"dt": nil, "dd": {"class", "dir"}, "a": {"href", "rel"},
}

// checkHTML parses a page and returns its texts; anything that our templates do
// not write is an error.
func checkHTML(t *testing.T, page []byte) []string {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for n := range root.Descendants() {
		switch n.Type {
		case html.ElementNode:
			checkElement(t, n)
		case html.CommentNode:
			t.Errorf("comment %q", n.Data)
		case html.TextNode:
			if n.Parent.Data == "div" || n.Parent.Data == "a" && len(texts) > 0 { // a text may have links in it
				texts[len(texts)-1] += n.Data
			} else {
				texts = append(texts, n.Data)
			}
		}
	}
	return texts
}

func checkElement(t *testing.T, n *html.Node) {
	t.Helper()
	attributes, ok := tags[n.Data]
	if !ok {
		t.Errorf("element <%s>", n.Data)
	}
	for _, a := range n.Attr {
		if !slices.Contains(attributes, a.Key) {
			t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
		}
		if a.Key == "href" && a.Val != "https://example.lv/s/pases-2026" && !strings.HasPrefix(a.Val, "#q") {
			checkLink(t, n, a.Val)
		}
	}
}

// checkLink wants an address of an answer, which leads where it says.
func checkLink(t *testing.T, n *html.Node, address string) {
	t.Helper()
	said := n.FirstChild.Data
	within := n.Parent.Parent
	ofAnswer := within.Attr[0].Val == "answer" || strings.HasSuffix(within.Parent.Attr[len(within.Parent.Attr)-1].Val, "-before")
	if n.Parent.Attr[0].Val != "text" || !ofAnswer || n.Attr[1].Val != "noopener nofollow" ||
		!slices.Contains(session.Pieces(said), session.Piece{Text: said, URL: address}) {
		t.Errorf("link to %q that says %q", address, said)
	}
}

func TestHTMLKeepsStrangersOut(t *testing.T) {
	t.Parallel()
	texts := checkHTML(t, wild(hostile, line).HTMLPage())
	for text, least := range map[string]int{hostile: 5, line: 8} {
		found := 0
		for _, got := range texts {
			found += strings.Count(got, text)
		}
		if found < least {
			t.Errorf("%d of %d times there as it was written: %q", found, least, text)
		}
	}
}

func FuzzHTML(f *testing.F) {
	f.Add(hostile, line)
	f.Add("</script></title></textarea><svg/onload=x>", "{{.}}' onfocus=x")
	f.Fuzz(func(t *testing.T, text, short string) {
		checkHTML(t, wild(text, short).HTMLPage())
	})
}

// Screen readers and links need these: one h1, headings in order, unique ids, the
// language of every text.
func TestHTMLStructure(t *testing.T) {
	t.Parallel()
	root, err := html.Parse(bytes.NewReader(full(session.Latvian).HTMLPage()))
	if err != nil {
		t.Fatal(err)
	}
	level, ids, h1 := 0, map[string]bool{}, 0
	for n := range root.Descendants() {
		if len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6' {
			now := int(n.Data[1] - '0')
			if now > level+1 {
				t.Errorf("h%d after h%d", now, level)
			}
			level = now
			h1 += max(0, 2-now)
		}
		for _, a := range n.Attr {
			if a.Key == "id" && ids[a.Val] {
				t.Errorf("id %s twice", a.Val)
			}
			ids[a.Val] = ids[a.Val] || a.Key == "id"
		}
	}
	if h1 != 1 || !ids["q17"] {
		t.Errorf("%d h1, q17 %v", h1, ids["q17"])
	}
	if !bytes.Contains(full(session.Latvian).HTML(), []byte(`lang="en" dir="auto">Do children`)) {
		t.Error("a text in another language has no lang")
	}
}
