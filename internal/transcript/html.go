package transcript

import (
	"bytes"
	_ "embed"
	"html/template"
)

//go:embed transcript.html
var source string

var pages = template.Must(template.New("transcript").Parse(source))

// HTML is the document as one <article> for the site's layout. It holds the page's
// only h1, an id "q17" for each question, and the class names of the site's style.
func (d Document) HTML() []byte { return d.render("article") }

// HTMLPage is the document as a file that stands alone: it carries its own style
// and loads nothing.
func (d Document) HTMLPage() []byte { return d.render("page") }

func (d Document) render(name string) []byte {
	var b bytes.Buffer
	err := pages.ExecuteTemplate(&b, name, d.words())
	return must(b.Bytes(), err)
}
