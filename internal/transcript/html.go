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
	p := d.words()
	if name == "page" {
		p.loadNothing()
	}
	err := pages.ExecuteTemplate(&b, name, p)
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
