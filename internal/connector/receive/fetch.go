package receive

import (
	"cmp"
	"context"
	"time"

	"experthour/internal/connector"
)

// cursorKey is where the cursor is kept.
const cursorKey = "receive:cursor"

// fetching is all fetches between two pauses of a replica. The cursor is recalled once:
// whoever receives alone has the newest one after that, and one that is behind what was
// put costs repeats, which the mailbox knows.
type fetching struct {
	r        *Runner
	from     Fetcher
	recalled bool
	cursor   []byte
	last     time.Time // when one ended well
	asked    rotation
}

// once asks once, and says how long to wait for the next time. The cursor moves when
// everything before it was put, whatever the Fetcher made of an error. Something new is
// something that a hook did not bring.
func (f *fetching) once(ctx context.Context) (time.Duration, error) {
	if wait := f.r.hook.putOff(f.last, f.r.Now()); wait > 0 {
		return wait, nil
	}
	look, err := f.look(ctx)
	if err != nil {
		return 0, err
	}
	var lost error
	next, err := f.from.Fetch(ctx, look, func(ctx context.Context, events ...connector.Event) (int, error) {
		fresh, err := f.r.Put(ctx, events...)
		lost = cmp.Or(lost, err)
		if fresh > 0 {
			f.r.hook.note(time.Time{})
		}
		return fresh, err
	})
	if err := cmp.Or(err, lost); err != nil {
		return 0, err
	}
	f.last = f.r.Now()
	f.asked.were(look.Asked)
	return next.Wait, f.keep(ctx, next.Cursor)
}

// overlap is how much older than an hour that nobody here knows yet something may be.
const overlap = time.Minute

// look says what to ask for. Where no hour is announced, what is there already concerns
// nobody, but for one that was announced just now elsewhere.
func (f *fetching) look(ctx context.Context) (l Look, err error) {
	if err := f.recall(ctx); err != nil {
		return Look{}, err
	}
	l.Cursor = f.cursor
	if l.Hours, err = f.r.Hours(ctx, f.r.Name); err != nil {
		return Look{}, err
	}
	if f.r.Rereads {
		all, err := f.r.Originals(ctx, f.r.Name)
		if err != nil {
			return Look{}, err
		}
		l.Asked = f.asked.next(all)
	}
	if l.Since.IsZero() {
		l.Since = f.r.Now().Add(-overlap)
	}
	return l, nil
}

func (f *fetching) recall(ctx context.Context) error {
	if f.recalled {
		return nil
	}
	cursor, _, err := f.r.Memory.Recall(ctx, cursorKey)
	if err != nil {
		return err
	}
	f.cursor, f.recalled = cursor, true
	return nil
}

// keep also renews the cursor of a platform where nothing happens.
func (f *fetching) keep(ctx context.Context, cursor []byte) error {
	if cursor == nil {
		return nil
	}
	if err := f.r.Memory.Keep(ctx, cursorKey, cursor, connector.MemoFor); err != nil {
		return err
	}
	f.cursor = cursor
	return nil
}
