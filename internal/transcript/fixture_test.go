package transcript

import (
	"strings"
	"time"
	_ "time/tzdata"

	"experthour/internal/session"
)

// secret stands in every field that must never come out.
const secret = "SECRET"

// hostile is what strangers try, in one text of many lines.
const hostile = `<script>alert(1)</script> <img src=x onerror="alert(1)"> <!-- </style></title>
[link](javascript:alert(1)) ![image](http://evil.example/x.png) <http://evil.example> [ref]: http://evil.example
http://evil.example www.evil.example evil.example a@evil.example @everyone mailto:a@evil.example
**bold** __bold__ ~~gone~~ ` + "`code` ```" + ` \` + `
# heading
---
===
- item
+ item
1. item
2) item
> quote
| a | b |
|---|---|
    code
=HYPERLINK("http://evil.example","x")
]]> <![CDATA[ &lt;b&gt; &amp; {{.Secret}} {{template "page"}} \u0000 %00 $x^2$ :smile:
BEGIN:VEVENT;X=1,2
null undefined NaN 'quoted' "quoted"`

// line is hostile in a field of one line.
var line = `=<b>**` + strings.Join(strings.Fields(hostile)[:9], " ") + ` ]]> "x" \`

var start = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) // 14:00 in Riga

func at(minutes int) time.Time { return start.Add(time.Duration(minutes) * time.Minute) }

func reasons(all map[string]map[session.Language]string) func(string, session.Language) string {
	return func(id string, l session.Language) string { return all[id][l] }
}

var options = Options{
	PublicURL: "https://jautajumi.example.lv/", Institution: "Pilsonības pārvalde", Contact: "info@example.lv",
	Licence: "https://creativecommons.org/publicdomain/zero/1.0/",
	Reason: reasons(map[string]map[session.Language]string{"off_topic": {
		session.Latvian: "Jautājums nav par šīs eksperta stundas tematu.",
		session.English: "The question is not about the topic of this expert hour.",
	}}),
	Places: map[session.ConnectorID]string{"telegram-public": "Telegram"},
}

// hour is a session that was closed by force and lifted the two-person rule.
func hour(lang session.Language) session.Session {
	schedule := session.Act{By: session.Actor{Name: secret}, At: at(-700), Note: secret}
	act := session.Act{By: session.Actor{Name: secret, Role: session.Moderator}, At: at(140), Note: secret}
	return session.Session{
		Schema: 1, ID: "pases-2026", Version: 42, State: session.Archived, Language: lang, Zone: "Europe/Riga",
		Title: "Pases un ceļošana", Topic: "Pases, eID kartes un ceļošana ar bērniem.",
		Experts: []session.Expert{{Name: "Anna Bērziņa", Office: "pasu nodaļas vadītāja"}, {Name: "Jānis Kalns"}},
		Desk:    session.Desk{Connector: secret, Place: secret},
		AskFrom: at(-600), Start: start, End: at(120), Stopped: at(120), Closed: at(135),
		SelfApproval: &session.Exception{By: secret, Reason: "Otrs moderators ir slims.", At: at(5)},
		Forced:       &session.Exception{By: secret, Reason: "Beidzās darba laiks.", At: at(135)},
		Seals:        []session.Seal{{Hash: "aaaa", At: at(138)}, {Hash: "bbbb", Prev: "aaaa", Public: "cccc", At: at(140)}},
		Acts:         map[session.Verb]session.Act{session.Schedule: schedule, session.Archive: act, session.Close: act},
	}
}

// made is a question under construction, with a secret in every internal field.
type made struct{ session.Question }

func asked(n int, text string) made {
	q := session.Question{
		Schema: 1, Ref: session.QuestionRef{Session: "pases-2026", Number: n}, State: session.Received, Asked: at(n), Since: at(n),
		Text: text, Pending: secret, Email: secret, Holder: secret, Language: session.Latvian,
		Origin: session.Origin{Connector: "telegram-public", Place: secret, Message: secret, User: secret, URL: secret},
		Notes:  []session.Note{{By: secret, At: at(n), Text: secret}},
		Acts:   map[session.Verb]session.Act{session.Submit: {By: session.Actor{Name: secret}, Note: secret}},
	}
	return made{q}
}

func (m made) by(name string, c session.ConnectorID) made {
	m.Name, m.Origin.Connector = name, c
	return m
}

func (m made) accepted() made {
	m.State = session.Queued
	m.Acts[session.Accept] = session.Act{By: session.Actor{Name: secret}}
	return m
}

// answered brings one more revision out, after so many minutes.
func (m made) answered(author session.PersonName, text string, minutes int) made {
	n := len(m.Revisions) + 1
	m.Revisions = append(m.Revisions, session.Revision{Number: n, Author: author, Text: text, At: at(minutes)})
	m.Approvals = append(m.Approvals, session.Approval{Revision: n, By: session.Actor{Name: secret}, At: at(minutes), Digest: secret})
	m.State, m.Wanted, m.Counter, m.PublishedAt, m.Corrected = session.Published, n, m.Counter+1, at(minutes), n > 1
	m.Publications = append(m.Publications, session.Publication{Revision: n, At: m.PublishedAt})
	m.Copies = []session.Copy{
		{Slot: session.Slot{Kind: session.KindReceipt, Connector: session.Page}, Text: secret, Wanted: 1, Out: 1},
		{Slot: session.Slot{Kind: session.KindAnswer, Connector: session.Page, Original: m.Ref.Number},
			Language: session.Latvian, Text: text, Revision: n, Wanted: m.Counter, Out: m.Counter, Message: secret, Detail: secret},
	}
	return m
}

// drafted adds a revision that nobody approved.
func (m made) drafted() made {
	m.State = session.Review
	m.Revisions = append(m.Revisions, session.Revision{Number: len(m.Revisions) + 1, Author: secret, Text: secret})
	return m
}

func (m made) ended(s session.State, reason string) made {
	m.State, m.Reason, m.Since, m.Wanted, m.Copies = s, reason, at(100), 0, nil
	return m
}

func (m made) into(n int) made {
	m.Into = n
	return m.ended(session.Merged, "")
}

func (m made) forwarded(f session.Forward) made {
	m.Forward = &f
	return m.ended(session.Redirected, "")
}

// questions is one of everything.
func questions() []session.Question {
	long := strings.TrimSpace(strings.Repeat("Garš teikums par pasēm un vīzām. ", 60))
	self := asked(18, "Vai var pieteikties e-pastā?").accepted().answered("Mārtiņš Moderators", "Jā, var.", 40)
	self.Approvals[0].Self = true
	all := []made{
		asked(1, "Cik maksā pase?\n\nUn cik ilgi jāgaida?").accepted().answered("Anna Bērziņa", "28,46 €.\nDivas nedēļas.", 12),
		asked(2, "Vai bērnam vajag pasi?").by("Līga", session.Page).accepted().answered("Jānis Kalns", "Jā.", 33),
		asked(3, "Vai mazulim vajag savu pasi?").by("Ilze", "telegram-public").accepted().into(2),
		asked(4, "Do children need a passport?").accepted().into(2),
		asked(5, secret).into(2),
		asked(6, "Cik ilgi pase der?").accepted().answered("Anna Bērziņa", "Piecus gadus.", 20).answered("Anna Bērziņa", "Desmit gadus.", 2000),
		asked(7, "Vai vīza vajadzīga?").accepted().answered("Anna Bērziņa", secret, 25).ended(session.Retracted, ""),
		asked(8, secret).by(secret, "telegram-public").accepted().answered(secret, secret, 26).ended(session.Withdrawn, ""),
		asked(9, secret).by(secret, "telegram-public").accepted().ended(session.Declined, "off_topic"),
		asked(10, secret).forwarded(session.Forward{Institution: "Valsts ieņēmumu dienests", Email: true}),
		asked(11, secret).forwarded(session.Forward{Answered: 1}),
		asked(12, "Vai strādājat sestdienās?").accepted().ended(session.Expired, session.NotReached),
		asked(13, secret).ended(session.Expired, session.NotReached),
		asked(14, long).accepted().answered("Anna Bērziņa", long, 30),
		asked(15, "שלום, האם צריך דרכון? 👩‍👩‍👧 مرحبا").by("דנה", "telegram-public").accepted().answered("Anna Bērziņa", "Jā 🙂 – نعم", 31),
		asked(16, hostile).by(line, session.ConnectorID(line)).accepted().answered("Anna Bērziņa", hostile, 32),
		asked(17, "Vai vajag foto?").accepted().answered("Anna Bērziņa", "Nē, fotografē uz vietas.", 35).drafted(),
		self,
	}
	qs := make([]session.Question, 0, len(all))
	for i := range all { // the order they come in is no promise
		qs = append(qs, all[len(all)-1-i].Question)
	}
	for i := range qs {
		switch qs[i].Ref.Number {
		case 2:
			tg := session.Origin{Connector: "telegram-public", Place: secret, User: secret}
			qs[i].Followers = []session.Follow{{Number: 3, Origin: tg}, {Number: 4, Origin: tg}, {Number: 5, Origin: tg}}
		case 4:
			qs[i].Language = session.English
		}
	}
	return qs
}

func full(lang session.Language) Document {
	return Build(hour(lang), questions(), map[int]int{1: 11, 2: 21, 6: 3, 9: 7}, options)
}

// wild has the hostile text in every field that anybody fills in.
func wild(text, short string) Document {
	s := hour(session.English)
	s.Title, s.Topic = short, text
	s.Experts = []session.Expert{{Name: session.PersonName(short), Office: short}}
	s.SelfApproval.Reason, s.Forced.Reason = short, short
	qs := []session.Question{
		asked(1, text).by(short, "x").accepted().answered(session.PersonName(short), text, 3).Question,
		asked(2, text).by(short, "x").accepted().into(1).Question,
		asked(3, text).accepted().ended(session.Expired, session.NotReached).Question,
		asked(4, text).ended(session.Declined, "x").Question,
		asked(5, text).forwarded(session.Forward{Institution: short}).Question,
	}
	return Build(s, qs, nil, Options{
		PublicURL: "https://example.lv", Institution: short, Contact: short, Places: map[session.ConnectorID]string{"x": short},
		Reason: reasons(map[string]map[session.Language]string{"x": {session.English: short}}),
	})
}
