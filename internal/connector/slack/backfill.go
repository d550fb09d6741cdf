package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"experthour/internal/backoff"
	"experthour/internal/connector"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

const (
	// overlap is read again every time; the keys of the letters sort it out.
	overlap = 10 * time.Minute
	// threadsOf is how old the root of a thread may be whose replies are looked for.
	threadsOf = 24 * time.Hour
	// mostThreads is how many of Options.Threads are read, the newest of them.
	mostThreads = 500
	// readEvery is how often it is looked for what was missed although something listens: often
	// enough that all keys of what was put since are known.
	readEvery = connector.KeysFor / 12
)

// Fetch reads what was written while nobody listened: Slack repeats an event for six
// minutes only. Where reading is limited it takes its time.
func (s *Slack) Fetch(ctx context.Context, l receive.Look, put receive.Put) (receive.Next, error) {
	began := s.now()
	from := began.Add(-lookBack)
	if len(l.Cursor) > 0 {
		from = moment(string(l.Cursor))
	}
	err := reading{s, put, from.Add(-overlap)}.all(ctx)
	if err != nil && session.KindOf(err) != session.Unavailable {
		s.log.Warn("slack: what was missed could not be read", "error", err)
		err = &receive.Trouble{Wait: time.Minute, Cause: err} // of which request told
	}
	return receive.Next{Cursor: []byte(stamp(began)), Wait: readEvery}, err
}

// reading is one look at what was written since a time.
type reading struct {
	*Slack
	put  receive.Put
	from time.Time
}

func (r reading) all(ctx context.Context) error {
	known := map[session.MessageID]bool{} // roots that the channel has shown
	err := r.eachPage(ctx, func(page []slack.Message) error {
		for _, m := range page {
			known[session.MessageID(m.Timestamp)] = true
		}
		return r.catchUp(ctx, page)
	})
	if err != nil {
		return err
	}
	return r.underCards(ctx, known)
}

// underCards reads what was missed under cards that are older than what the channel was
// read for: early questions wait for days. One that cannot be read keeps nobody
// from the others.
func (r reading) underCards(ctx context.Context, known map[session.MessageID]bool) error {
	if r.opts.Threads == nil {
		return nil
	}
	roots, err := r.opts.Threads(ctx)
	if err != nil {
		return fmt.Errorf("list the threads: %w", err)
	}
	roots = slices.DeleteFunc(slices.Clone(roots), func(m session.MessageID) bool { return m == "" || known[m] })
	slices.SortFunc(roots, func(a, b session.MessageID) int { return moment(string(b)).Compare(moment(string(a))) })
	roots = slices.Compact(roots)
	for _, root := range roots[:min(len(roots), mostThreads)] {
		err := r.replied(ctx, string(root))
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil && !isGone(err) {
			r.log.Warn("slack: what was missed in a thread could not be read", "ts", string(root), "error", err)
		}
	}
	return nil
}

// catchUp stores what is new in a page of the channel, and the new replies to what is in it.
func (r reading) catchUp(ctx context.Context, page []slack.Message) error {
	if err := r.missed(ctx, page); err != nil {
		return err
	}
	for _, m := range page {
		if m.ReplyCount == 0 || moment(m.LatestReply).Before(r.from) {
			continue
		}
		if err := r.replied(ctx, m.Timestamp); err != nil {
			return err
		}
	}
	return nil
}

// missed stores what is new of messages, the oldest first, as their events would have been.
func (r reading) missed(ctx context.Context, page []slack.Message) error {
	var letters []connector.Event
	for _, m := range slices.SortedFunc(slices.Values(page), older) {
		for _, e := range r.eventsOf(m.Msg) {
			raw, err := json.Marshal(e)
			if err != nil {
				return err
			}
			letters = append(letters, e.letter(raw))
		}
	}
	if _, err := r.put(ctx, letters...); err != nil {
		return fmt.Errorf("put %d messages: %w", len(letters), err)
	}
	return nil
}

func older(a, b slack.Message) int { return moment(a.Timestamp).Compare(moment(b.Timestamp)) }

// eventsOf are those of a message that somebody may have missed. An edit is one of its own,
// so that it is recognised if it comes after all.
func (r reading) eventsOf(m slack.Msg) (all []envelope) {
	channel := string(r.opts.Channel)
	blocks, err := json.Marshal(m.Blocks)
	if err != nil {
		blocks = nil // and the text is read
	}
	said := event{Type: typeMessage, SubType: m.SubType, Channel: channel, User: m.User, BotID: m.BotID, Text: m.Text, Blocks: blocks,
		TS: m.Timestamp, ThreadTS: m.ThreadTimestamp}
	for _, f := range m.Files {
		said.Files = append(said.Files, file{ID: f.ID, Mimetype: f.Mimetype, Mode: f.Mode, Size: int64(f.Size)})
	}
	if !moment(m.Timestamp).Before(r.from) {
		all = append(all, envelope{Type: eventCallback, Event: said})
	}
	if m.Edited != nil && !moment(m.Edited.Timestamp).Before(r.from) {
		said.Edited = &edited{TS: m.Edited.Timestamp}
		all = append(all, envelope{Type: eventCallback, Event: event{Type: typeMessage, SubType: subChanged, Channel: channel, Message: &said}})
	}
	return slices.DeleteFunc(all, func(e envelope) bool { return e.idle(r.opts.Channel) })
}

// eachPage reads the channel, page by page, as far back as roots of threads may lie.
func (r reading) eachPage(ctx context.Context, do func([]slack.Message) error) error {
	latest := ""
	for {
		var page *slack.GetConversationHistoryResponse
		err := r.patiently(ctx, func() (err error) {
			page, err = r.history(ctx, &slack.GetConversationHistoryParameters{
				ChannelID: string(r.opts.Channel), Oldest: stamp(r.from.Add(-threadsOf)), Latest: latest, Limit: pageSize})
			return err
		})
		if err != nil {
			return err
		}
		if err := do(page.Messages); err != nil {
			return err
		}
		if !page.HasMore || len(page.Messages) == 0 {
			return nil
		}
		latest = page.Messages[len(page.Messages)-1].Timestamp
	}
}

// replied stores the new replies of a thread.
func (r reading) replied(ctx context.Context, root string) error {
	for cursor := ""; ; {
		var page []slack.Message
		err := r.patiently(ctx, func() (err error) {
			page, cursor, err = r.replies(ctx, &slack.GetConversationRepliesParameters{
				ChannelID: string(r.opts.Channel), Timestamp: root, Oldest: stamp(r.from), Cursor: cursor, Limit: pageSize})
			return err
		})
		if err != nil {
			return err
		}
		page = slices.DeleteFunc(page, func(m slack.Message) bool { return m.Timestamp == root })
		if err := r.missed(ctx, page); err != nil {
			return err
		}
		if cursor == "" {
			return nil
		}
	}
}

// patiently tries again after every wait that Slack asks for, while nothing that was read
// before is lost.
func (r reading) patiently(ctx context.Context, do func() error) error {
	for {
		err := do()
		e := connector.OutcomeOf(err)
		if e.Outcome != connector.Deferred || !backoff.Pause(ctx, min(e.Wait, r.waits.read)) {
			return err
		}
	}
}
