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
	"experthour/internal/session"
)

const (
	// overlap is read again by every backfill; the keys of the letters sort it out.
	overlap = 10 * time.Minute
	// threadsOf is how old the root of a thread may be whose replies are looked for.
	threadsOf = 24 * time.Hour
	// mostThreads is how many of Options.Threads are read, the newest of them.
	mostThreads = 500
)

// seen is the ts of the newest message that was stored, or "".
func (s *Slack) seen(ctx context.Context) string {
	ctx, cancel := context.WithTimeout(ctx, putTimeout)
	defer cancel()
	ts, _, err := s.opts.Memory.Recall(ctx, memorySeen+string(s.opts.Channel))
	if err != nil {
		s.log.Warn("slack: nobody remembers what was stored last", "error", err)
	}
	return string(ts)
}

// backfill reads what was written while nobody listened: Slack repeats an event for
// six minutes only. Where reading is limited it takes its time.
func (s *Slack) backfill(ctx context.Context, seen string) {
	from := s.now().Add(-lookBack)
	if seen != "" {
		from = moment(seen)
	}
	from = from.Add(-overlap)
	known := map[session.MessageID]bool{} // roots that the channel has shown
	err := s.eachPage(ctx, from.Add(-threadsOf), func(page []slack.Message) error {
		for _, m := range page {
			known[session.MessageID(m.Timestamp)] = true
		}
		return s.catchUp(ctx, page, from)
	})
	if err == nil {
		err = s.backfillThreads(ctx, from, known)
	}
	if err != nil && ctx.Err() == nil {
		s.log.Warn("slack: what was missed could not be read", "error", err)
	}
}

// backfillThreads reads what was missed under cards that are older than what the channel
// was read for: early questions wait for days. One that cannot be read keeps nobody
// from the others.
func (s *Slack) backfillThreads(ctx context.Context, from time.Time, known map[session.MessageID]bool) error {
	if s.opts.Threads == nil {
		return nil
	}
	roots, err := s.opts.Threads(ctx)
	if err != nil {
		return fmt.Errorf("list the threads: %w", err)
	}
	roots = slices.DeleteFunc(slices.Clone(roots), func(m session.MessageID) bool { return m == "" || known[m] })
	slices.SortFunc(roots, func(a, b session.MessageID) int { return moment(string(b)).Compare(moment(string(a))) })
	roots = slices.Compact(roots)
	for _, root := range roots[:min(len(roots), mostThreads)] {
		err := s.catchUpReplies(ctx, string(root), from)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil && !isGone(err) {
			s.log.Warn("slack: what was missed in a thread could not be read", "ts", string(root), "error", err)
		}
	}
	return nil
}

// catchUp stores what is new in a page of the channel, and the new replies to what is in it.
func (s *Slack) catchUp(ctx context.Context, page []slack.Message, from time.Time) error {
	if err := s.missed(ctx, page, from); err != nil {
		return err
	}
	for _, m := range page {
		if m.ReplyCount == 0 || moment(m.LatestReply).Before(from) {
			continue
		}
		if err := s.catchUpReplies(ctx, m.Timestamp, from); err != nil {
			return err
		}
	}
	return nil
}

func (s *Slack) catchUpReplies(ctx context.Context, root string, from time.Time) error {
	return s.eachReply(ctx, root, from, func(page []slack.Message) error { return s.missed(ctx, page, from) })
}

// missed stores what is new of messages, the oldest first, as their events would have been.
func (s *Slack) missed(ctx context.Context, page []slack.Message, from time.Time) error {
	var letters []connector.Event
	for _, m := range slices.SortedFunc(slices.Values(page), older) {
		for _, e := range s.eventsOf(m.Msg, from) {
			raw, err := json.Marshal(e)
			if err != nil {
				return err
			}
			letters = append(letters, e.letter(raw))
		}
	}
	if _, err := s.opts.Mailbox.Put(ctx, letters...); err != nil {
		return fmt.Errorf("put %d messages: %w", len(letters), err)
	}
	return nil
}

func older(a, b slack.Message) int { return moment(a.Timestamp).Compare(moment(b.Timestamp)) }

// eventsOf are those of a message that somebody may have missed. An edit is one of its own,
// so that it is recognised if it comes after all.
func (s *Slack) eventsOf(m slack.Msg, from time.Time) (all []envelope) {
	channel := string(s.opts.Channel)
	blocks, err := json.Marshal(m.Blocks)
	if err != nil {
		blocks = nil // and the text is read
	}
	said := event{Type: typeMessage, SubType: m.SubType, Channel: channel, User: m.User, BotID: m.BotID, Text: m.Text, Blocks: blocks,
		TS: m.Timestamp, ThreadTS: m.ThreadTimestamp}
	if !moment(m.Timestamp).Before(from) {
		all = append(all, envelope{Type: eventCallback, Event: said})
	}
	if m.Edited != nil && !moment(m.Edited.Timestamp).Before(from) {
		said.Edited = &edited{TS: m.Edited.Timestamp}
		all = append(all, envelope{Type: eventCallback, Event: event{Type: typeMessage, SubType: subChanged, Channel: channel, Message: &said}})
	}
	return slices.DeleteFunc(all, func(e envelope) bool { return e.idle(s.opts.Channel) })
}

// eachPage reads the channel back to a time, page by page.
func (s *Slack) eachPage(ctx context.Context, back time.Time, do func([]slack.Message) error) error {
	latest := ""
	for {
		var page *slack.GetConversationHistoryResponse
		err := s.patiently(ctx, func() (err error) {
			page, err = s.history(ctx, &slack.GetConversationHistoryParameters{
				ChannelID: string(s.opts.Channel), Oldest: stamp(back), Latest: latest, Limit: pageSize})
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

// eachReply reads the replies of a thread since a time.
func (s *Slack) eachReply(ctx context.Context, root string, from time.Time, do func([]slack.Message) error) error {
	for cursor := ""; ; {
		var page []slack.Message
		err := s.patiently(ctx, func() (err error) {
			page, cursor, err = s.replies(ctx, &slack.GetConversationRepliesParameters{
				ChannelID: string(s.opts.Channel), Timestamp: root, Oldest: stamp(from), Cursor: cursor, Limit: pageSize})
			return err
		})
		if err != nil {
			return err
		}
		page = slices.DeleteFunc(page, func(m slack.Message) bool { return m.Timestamp == root })
		if err := do(page); err != nil {
			return err
		}
		if cursor == "" {
			return nil
		}
	}
}

// patiently tries again after every wait that Slack, or a trouble that somebody has to
// mend, asks for.
func (s *Slack) patiently(ctx context.Context, do func() error) error {
	for {
		err := do()
		if err == nil {
			return nil
		}
		e := connector.OutcomeOf(err)
		if e.Outcome == connector.Refused || isGone(err) || !backoff.Pause(ctx, min(max(e.Wait, s.waits.again), s.waits.cap)) {
			return err
		}
	}
}
