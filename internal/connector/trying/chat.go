package trying

import (
	_ "embed"
	"fmt"
	"html/template"
	"log"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Chat is a pretend chat as its people use it. What a method returns as said is shown to the person, and to nobody else.
type Chat interface {
	People() []string
	Rooms(who string) []Room
	Say(who, room, message, text string) (said string) // message: what it replies to, or empty
	Press(who, room, message, button string) (said string)
	Form(who string) *Form // nil: none is open
	Submit(who string, fields map[string][]string) (said string)
	Dismiss(who string)
}

// Room is a channel, a group, or what somebody has in private.
type Room struct {
	ID, Name string
	Closed   bool // nobody can write there
	Messages []Message
}

// Message is one as it stands now; an ID that is empty can be neither pressed nor replied to.
type Message struct {
	ID, From, Text string
	Buttons        []string
	Inner          bool // stands in the thread of the one before
}

// Form is what lies before somebody.
type Form struct {
	Title, Text, Submit string
	Fields              []Field
	Buttons             []string
}

// Field is one of a form. Kind is the type of an input, or "area"; with Options it is a choice, of several if Many.
type Field struct {
	Label, Kind string
	Values      []string
	Options     []string
	Many        bool
}

// Has tells whether an option is chosen.
func (f Field) Has(option string) bool { return slices.Contains(f.Values, option) }

// First is the value of a field for one.
func (f Field) First() string { return strings.Join(f.Values, ", ") }

//go:embed chat.html
var chatHTML string

var chatPage = template.Must(template.New("chat").Parse(chatHTML))

// page is what the template shows.
type page struct {
	Who    string
	People []string
	Rooms  []Room
	Form   *Form
	Said   string
}

// Show is the chat as a page of a browser: everybody at their own address, with everything that they see there.
func Show(c Chat) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		p := page{Who: r.FormValue("as"), People: c.People(), Said: r.FormValue("said")}
		if p.Who == "" {
			p.Who = p.People[0]
		}
		p.Rooms, p.Form = c.Rooms(p.Who), c.Form(p.Who)
		if err := chatPage.Execute(w, p); err != nil {
			log.Print(err)
		}
	})
	mux.HandleFunc("POST /{$}", func(w http.ResponseWriter, r *http.Request) {
		who := r.FormValue("as")
		said := did(c, who, r)
		http.Redirect(w, r, "/?"+url.Values{"as": {who}, "said": {said}}.Encode(), http.StatusSeeOther)
	})
	return mux
}

// did does what a form of the page asks for. A fake that has no test to fail panics where a person cannot do that.
func did(c Chat, who string, r *http.Request) (said string) {
	defer func() {
		if e := recover(); e != nil {
			said = fmt.Sprint(e)
		}
	}()
	room, message := r.FormValue("room"), r.FormValue("message")
	switch {
	case r.FormValue("dismiss") != "":
		c.Dismiss(who)
		return ""
	case r.FormValue("press") != "":
		return c.Press(who, room, message, r.FormValue("press"))
	case r.FormValue("submit") != "":
		fields := map[string][]string{}
		for name, values := range r.PostForm {
			if label, ok := strings.CutPrefix(name, "field "); ok {
				fields[label] = slices.DeleteFunc(values, func(v string) bool { return v == "" })
			}
		}
		return c.Submit(who, fields)
	}
	return c.Say(who, room, message, strings.ReplaceAll(r.FormValue("text"), "\r", ""))
}
