package draugiem

import (
	"context"

	"experthour/internal/connector"
)

var _ connector.Checker = (*Draugiem)(nil)

func good(id string, args ...any) connector.Finding { return connector.Finding{ID: id, Args: args} }

func bad(id string, args ...any) connector.Finding {
	return connector.Finding{ID: id, Args: args, Bad: true}
}

// Check looks at the keys, and whether what the page has can be read.
func (d *Draugiem) Check(ctx context.Context) []connector.Finding {
	found := []connector.Finding{good("draugiem.experimental")}
	board, err := d.read(ctx, "pages/dashboard", "", nil)
	if err != nil {
		return append(found, refusal(err))
	}
	waiting := board.text("unanswered_faq")
	if !number.MatchString(waiting) {
		return append(found, bad("draugiem.no_dashboard"))
	}
	found = append(found, good("draugiem.works", "waiting", waiting), good("draugiem.longest", "most", longest))
	return append(append(found, d.checkQuestions(ctx)...), d.checkNews(ctx)...)
}

// refusal is why nothing can be asked.
func refusal(err error) connector.Finding {
	id := "draugiem.no_answer"
	if saysNo(err) {
		id = "draugiem.refused"
	}
	return bad(id, "detail", connector.OutcomeOf(err).Detail)
}

func (d *Draugiem) checkQuestions(ctx context.Context) (found []connector.Finding) {
	all, unread, err := d.questions(ctx)
	if err != nil {
		return []connector.Finding{refusal(err)}
	}
	if unread > 0 {
		found = append(found, bad("draugiem.unreadable", "count", unread))
	}
	for _, q := range all {
		if q.Answer == "" && q.At.IsZero() {
			return append(found, good("draugiem.no_times"))
		}
	}
	return found
}

func (d *Draugiem) checkNews(ctx context.Context) []connector.Finding {
	if _, err := d.news(ctx); err != nil {
		return []connector.Finding{refusal(err)}
	}
	return nil
}
