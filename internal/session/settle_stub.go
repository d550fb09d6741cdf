package session

import "time"

// SettleAt is a stub until questions have drafts: tests of stores say with an act of
// this name when one is due.
func (q Question) SettleAt() time.Time { return q.Acts["settle"].At }
