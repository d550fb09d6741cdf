package telegram

import "experthour/internal/connector/receive"

// polling is the right to poll for a bot, of which every bot has one: correctness is the
// mailbox's business, and this only keeps replicas from ending each other's polls.
func (t *Telegram) polling() receive.Tenure {
	return receive.Tenure{Leases: t.opts.Leases, Name: "telegram:poll:" + userKey(t.self), Owner: t.opts.Owner, TTL: t.waits.lease, Log: t.log}
}
