package deskpage

import (
	"testing"
	"testing/synctest"
	"time"

	"experthour/internal/keyring"
	"experthour/internal/redisstore/redistest"
	"experthour/internal/routing"
	"experthour/internal/session"
)

const recordSecret = "a secret of the tests"

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}

// archived is a service with an archived hour whose record went on after the seal.
func archived(t *testing.T) (*session.Service, session.Session) {
	t.Helper()
	ctx, by := t.Context(), as(anna)
	store := redistest.New(t, time.Now)
	s := &session.Service{Store: store, Keys: keyring.Ring{recordSecret}.For(keyring.Record), Staff: staff, Now: time.Now,
		Planner: routing.Planner{}}
	_, err := s.Schedule(ctx, by, session.Hour{Slug: slug, Title: "Taxes", Language: session.English, Zone: "Europe/Riga",
		Experts: []session.Expert{{Name: janis}}, Start: time.Now(), End: time.Now().Add(time.Hour)})
	must(t, err)
	_, err = s.DoSession(ctx, by, slug, session.StartSession{})
	must(t, err)
	q, _, err := s.Ask(ctx, session.Asked{Session: slug, Key: "k", Text: "Who pays?", Origin: session.Origin{Connector: session.Page}})
	must(t, err)
	for _, cmd := range []session.SessionCommand{session.StopSession{}, session.CloseSession{Force: true, Reason: "late"}} {
		_, err = s.DoSession(ctx, by, slug, cmd)
		must(t, err)
	}
	for range 2 { // one for what is left, one for the seal
		ses, err := store.Session(ctx, slug)
		must(t, err)
		must(t, s.Tick(ctx, ses))
	}
	_, err = s.Do(ctx, by, session.NoteQuestion{On: session.On{Question: q.Ref}, Text: "Too late."})
	must(t, err)
	ses, err := store.Session(ctx, slug)
	must(t, err)
	return s, ses
}

// TestVerifyWhileItIsSealed: an hour that is sealed anew while it is looked at was not changed,
// and a seal that stays wrong was; so was what is wrong besides the seal, at once.
func TestVerifyWhileItIsSealed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sealed bool   // after the second look
		secret string // by which the record should be signed
		found  bool
		takes  time.Duration
	}{
		"sealed anew meanwhile": {sealed: true, secret: recordSecret, takes: 2 * resealing},
		"not sealed":            {secret: recordSecret, found: true, takes: lookAgain * resealing},
		"forged besides":        {secret: "another secret", found: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s, ses := archived(t)
				s.Keys = keyring.Ring{c.secret}.For(keyring.Record)
				begin, d := time.Now(), &Desk{Options: Options{Service: s}}
				if c.sealed {
					time.AfterFunc(resealing*3/2, func() { must(t, s.Tick(t.Context(), ses)) })
				}
				_, found, err := d.verified(t.Context(), slug)
				must(t, err)
				if len(found) > 0 != c.found || time.Since(begin) != c.takes {
					t.Errorf("found %v after %s", found, time.Since(begin))
				}
			})
		})
	}
}
