package chat

import (
	"context"
	"maps"
	"slices"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/delivery"
	"experthour/internal/desk/view"
	"experthour/internal/session"
)

// Heralds knows what became of the announcements of a session: delivery.Heralds.
type Heralds interface {
	Heralds(ctx context.Context, id session.ID) (map[string]delivery.Herald, error)
	Heralded(ctx context.Context, id session.ID, key, fence string, h delivery.Herald) error
}

// What a person decides about an announcement of which nobody knows whether it is out.
const (
	heraldOut   = "herald_out"
	heraldAgain = "herald_again"
)

// announced asks about announcements that wait for a person.
func (c *Chat) announced(ctx context.Context, s session.Session, b *connector.Card) error {
	all, err := c.Heralds.Heralds(ctx, s.ID)
	if err != nil {
		return err
	}
	for _, k := range slices.Sorted(maps.Keys(all)) {
		h := all[k]
		if !h.Waits(c.Now()) {
			continue
		}
		place := c.heraldPlace(k)
		text := c.text("herald_unsure", "place", place)
		if h.State == delivery.HeraldRefused {
			text = c.text("herald_refused", "place", place, "detail", h.Detail)
		}
		b.Lines = append(b.Lines, say("⚠ "+text))
		for _, v := range []string{heraldOut, heraldAgain} {
			a := connector.Action{Do: v, Session: connector.TagOf(string(s.ID)), Seen: connector.TagOf(k)}
			b.More = append(b.More, c.act(place+": "+c.label(view.Action(v)), a))
		}
	}
	return nil
}

// heraldPlace is what people call the place of an announcement.
func (c *Chat) heraldPlace(k string) string {
	parts := strings.Split(k, "|")
	if len(parts) < 2 {
		return k
	}
	return c.Views.Place(session.ConnectorID(parts[1]))
}

// heralded does what a moderator decided.
func (c *Chat) heralded(ctx context.Context, p press) (connector.Answer, error) {
	if p.by.Role != session.Moderator {
		return c.said(session.Fail(session.Forbidden, "moderator_only"))
	}
	all, err := c.Heralds.Heralds(ctx, p.ses.ID)
	if err != nil {
		return c.said(err)
	}
	for k, h := range all {
		if !p.Seen.Names(k) || !h.Waits(c.Now()) {
			continue
		}
		after := delivery.Herald{}
		if p.Do == heraldOut {
			after = delivery.Herald{State: delivery.HeraldOut, Since: h.Since}
		}
		if err := c.Heralds.Heralded(ctx, p.ses.ID, k, "", after); err != nil {
			return c.said(err)
		}
		return c.said(c.Cards.Touch(ctx, p.ses.ID, c.laneOf(p.ses), 0))
	}
	return c.said(session.Fail(session.Already, "copy_settled"))
}
