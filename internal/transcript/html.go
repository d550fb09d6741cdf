package transcript

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"strings"

	"experthour/internal/session"
)

//go:embed transcript.html
var source string

//go:embed page.css
var style string

var pages = template.Must(template.New("transcript").Funcs(template.FuncMap{"css": cssString, "pieces": session.Pieces}).Parse(source))

// HTML is the document as one <article> for the site's layout. It holds the page's
// only h1, an id "q17" for each question, and the class names of the site's style.
func (d Document) HTML() []byte { return render("article", d.words()) }

// Body is the document inside of a post at another site: elements that editors of such sites allow,
// without style, and headings from h2 on. It leaves out the seal, which changes when the post is
// recorded. Pictures have their public address as src.
func (d Document) Body() string { return entryHTML("body", d.words()) }

// sheet is a page as a file of its own, to be read, printed and signed.
type sheet struct {
	page
	Style                  template.CSS
	Institution, SealShort string
	Sign                   []string
}

// HTMLPage is the document as a file that stands alone: it carries its own style
// and loads nothing.
func (d Document) HTMLPage() []byte {
	sp := d.speaker()
	s := sheet{page: d.words(), Style: template.CSS(style), Institution: d.Institution, Sign: []string{sp.w.Text("transcript.sign_name"),
		sp.w.Text("transcript.sign_date"), sp.w.Text("transcript.sign_signature")}}
	if d.Seal != nil {
		s.SealShort = sp.w.Text("transcript.seal") + ": " + string(d.Seal.Hash)
	}
	s.loadNothing()
	return render("page", s)
}

func render(name string, v any) []byte {
	var b bytes.Buffer
	err := pages.ExecuteTemplate(&b, name, v)
	return must(b.Bytes(), err)
}

// loadNothing puts links in the place of pictures.
func (p page) loadNothing() {
	for _, it := range p.Answered {
		for i := range it.Answer.Pictures {
			it.Answer.Pictures[i].Path = ""
		}
	}
}

// cssString is a text as a string of CSS inside of an element of HTML: whatever could end either of
// them is written as its number. The template's own way takes a text with a colon for an address.
func cssString(text string) template.CSS {
	var b strings.Builder
	for _, r := range text {
		if r < ' ' || strings.ContainsRune(`"\\<>&`, r) {
			fmt.Fprintf(&b, `\%x `, r)
		} else {
			b.WriteRune(r)
		}
	}
	return template.CSS(`"` + b.String() + `"`)
}
