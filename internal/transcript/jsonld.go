package transcript

import (
	"encoding/json"

	"experthour/internal/session"
)

// thing is a node of schema.org.
type thing = map[string]any

// JSONLD describes the hour for search engines: an online Event and an ItemList of
// the answered questions. The bytes hold no "<", ">" or "&", so that a template may
// put them into <script type="application/ld+json"> as template.JS. Everything in
// them stands on the page too; askers are left out.
func (d Document) JSONLD() []byte {
	graph := []thing{d.event()}
	if list := d.list(); list != nil {
		graph = append(graph, list)
	}
	return must(json.Marshal(thing{"@context": "https://schema.org", "@graph": graph}))
}

func (d Document) event() thing {
	e := thing{
		"@type": "Event", "name": d.Title, "startDate": iso(d.Start), "endDate": iso(d.End), "inLanguage": d.Language,
		"eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
		"eventStatus":         "https://schema.org/EventScheduled",
	}
	if d.State == session.Cancelled {
		e["eventStatus"] = "https://schema.org/EventCancelled"
	}
	if d.Topic != "" {
		e["description"] = d.Topic
	}
	if d.URL != "" {
		e["url"], e["location"] = d.URL, thing{"@type": "VirtualLocation", "url": d.URL}
	}
	if d.Institution != "" {
		e["organizer"] = thing{"@type": "Organization", "name": d.Institution}
	}
	var performers []thing
	for _, x := range d.Experts {
		performers = append(performers, answerer(string(x.Name), x.Office))
	}
	if performers != nil {
		e["performer"] = performers
	}
	return e
}

func answerer(name, office string) thing {
	p := thing{"@type": "Person", "name": name}
	if office != "" {
		p["jobTitle"] = office
	}
	return p
}

// list is nil when nothing was answered.
func (d Document) list() thing {
	var items []thing
	for _, q := range d.Questions {
		if q.Answer != nil && q.Asked != nil {
			items = append(items, thing{"@type": "ListItem", "position": len(items) + 1, "item": d.node(q)})
		}
	}
	if items == nil {
		return nil
	}
	return thing{"@type": "ItemList", "name": d.words().AnsweredTitle, "numberOfItems": len(items), "itemListElement": items}
}

func (d Document) node(q Question) thing {
	answer := thing{"@type": "Answer", "text": q.Answer.Text, "inLanguage": q.Answer.Language,
		"dateCreated": iso(q.Answer.PublishedAt), "author": d.author(*q.Answer)}
	node := thing{"@type": "Question", "text": q.Asked.Text, "inLanguage": q.Asked.Language,
		"dateCreated": iso(q.Asked.At), "answerCount": 1, "acceptedAnswer": answer}
	if q.URL != "" {
		node["url"], answer["url"] = q.URL, q.URL
	}
	return node
}

// author is a person when they are an expert of the session, else the institution.
func (d Document) author(a Answer) thing {
	for _, e := range d.Experts {
		if string(e.Name) == a.By {
			return answerer(a.By, a.Office)
		}
	}
	return thing{"@type": "Organization", "name": a.By}
}
