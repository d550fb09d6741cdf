package redisstore

import (
	"context"
	"time"

	"experthour/internal/session"
)

var _ session.Quotas = (*Store)(nil)

// Spend is session.Quotas'.
func (s *Store) Spend(ctx context.Context, group string, qs ...session.Quota) (time.Duration, error) {
	if len(qs) == 0 {
		return 0, nil
	}
	var keys []string
	var args []any
	for _, q := range qs {
		keys = append(keys, s.keys.quota(group, q.Name))
		args = append(args, max(q.Most, 1), q.Per.Milliseconds())
	}
	reply, err := s.run(ctx, spendScript, keys, args...)
	return time.Duration(number(reply)) * time.Millisecond, err
}
