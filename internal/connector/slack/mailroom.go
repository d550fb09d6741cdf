package slack

import (
	"context"
	"time"
)

// mailroom handles the letters of the mailbox until ctx ends.
func (s *Slack) mailroom(ctx context.Context) {
	for ctx.Err() == nil {
		letters, err := s.opts.Mailbox.Take(ctx, 1, 2*time.Second)
		if err != nil {
			if !pause(ctx, s.waits.again) {
				return
			}
			continue
		}
		for _, l := range letters {
			err := s.handle(ctx, l.Raw)
			if undecodable(err) {
				err = s.opts.Mailbox.Bury(ctx, l, err.Error())
			} else if err == nil {
				err = s.opts.Mailbox.Handled(ctx, l)
			}
			if err != nil && ctx.Err() == nil {
				s.log.Warn("slack: a letter was not handled and will be given out again", "err", err)
			}
		}
	}
}
