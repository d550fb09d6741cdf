package web

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"experthour/internal/session"
	"experthour/internal/transcript"
	"experthour/internal/web/site"
)

func (s *Server) apiRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /api/v1/sessions", s.apiSessions)
	mux.HandleFunc("GET /api/v1/sessions/{slug}", s.apiSession)
	mux.HandleFunc("POST /api/v1/sessions/{slug}/questions", s.apiAsk)
}

// apiHour is a session of the public API. The names of its fields are a contract.
type apiHour struct {
	Slug  session.ID           `json:"slug"`
	Title string               `json:"title"`
	State session.SessionState `json:"state"`
	Start time.Time            `json:"start"`
	End   time.Time            `json:"end"`
	URL   string               `json:"url"`
	// CalledOff is why a cancelled hour is, and its new date, where that is told.
	CalledOff *session.CalledOff `json:"called_off,omitempty"`
}

type apiHourWithQuestions struct {
	apiHour
	Questions []apiQuestion `json:"questions"`
	// Pages are of 250 numbers each, of which those are left out that are not public.
	Page  int    `json:"page"`
	Pages int    `json:"pages"`
	Next  string `json:"next,omitempty"` // address of the next page
}

type apiQuestion struct {
	Number int        `json:"number"`
	Text   string     `json:"text"`
	Votes  int        `json:"votes"`
	State  string     `json:"state"` // accepted, published, merged, expired or retracted
	Answer *apiAnswer `json:"answer"`
}

type apiAnswer struct {
	Text        string    `json:"text"`
	By          string    `json:"by"`
	Revision    int       `json:"revision"`
	PublishedAt time.Time `json:"published_at"`
	// Pictures are those of the answer; "url" is where each one is.
	Pictures []transcript.Picture `json:"pictures,omitempty"`
}

func (s *Server) hour(ses session.Session) apiHour {
	return apiHour{ses.ID, ses.Title, ses.State, ses.Start.UTC(), ses.End.UTC(), s.Site.URL(path(ses.ID)), ses.CalledOff}
}

func (s *Server) apiSessions(w http.ResponseWriter, r *http.Request) {
	sheet, err := site.Recent(r.Context(), s.Hub.List(), "api", lasting, func(ctx context.Context) (*site.Sheet, error) {
		all, err := s.Store.Sessions(ctx)
		if err != nil {
			return nil, err
		}
		hours := []apiHour{}
		for _, ses := range all {
			if ses.State != session.Draft {
				hours = append(hours, s.hour(ses))
			}
		}
		return jsonSheet(map[string]any{"sessions": hours})
	})
	s.serveAPI(w, r, sheet, err)
}

func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request, sheet *site.Sheet, err error) {
	if err != nil {
		s.Site.Problem(w, r, err)
		return
	}
	sheet.Serve(w, r, "")
}

func jsonSheet(v any) (*site.Sheet, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("answer: %w", err)
	}
	return site.NewSheet("application/json", append(b, '\n'), ""), nil
}

// apiSession answers GET /api/v1/sessions/{slug}?page=N, a page of the questions by number.
func (s *Server) apiSession(w http.ResponseWriter, r *http.Request) {
	m, ses, err := s.moment(r)
	var sheet *site.Sheet
	if err == nil {
		page := pageNumber(r)
		sheet, err = site.Recent(r.Context(), m, "api/"+strconv.Itoa(page), lasting, func(ctx context.Context) (*site.Sheet, error) {
			doc, pages, err := s.window(ctx, ses, page, apiPage)
			if err != nil {
				return nil, err
			}
			return jsonSheet(s.apiHourPage(ses, doc, page, pages))
		})
	}
	s.serveAPI(w, r, sheet, err)
}

// apiPage is how many numbers a page of the API has.
const apiPage = 250

func (s *Server) apiHourPage(ses session.Session, doc transcript.Document, page, pages int) apiHourWithQuestions {
	out := apiHourWithQuestions{apiHour: s.hour(ses), Questions: []apiQuestion{}, Page: page, Pages: pages}
	if page < pages {
		out.Next = fmt.Sprintf("%s?page=%d", s.Site.URL("/api/v1/sessions/"+string(ses.ID)), page+1)
	}
	for _, q := range doc.Questions {
		if q.Asked != nil { // tombstones have no text and no answer
			out.Questions = append(out.Questions, apiQuestionOf(q))
		}
	}
	return out
}

func apiQuestionOf(q transcript.Question) apiQuestion {
	out := apiQuestion{Number: q.Number, Text: q.Asked.Text, Votes: q.Votes, State: string(q.Outcome)}
	if q.Outcome == session.Queued {
		out.State = "accepted" // who holds it and how far it is stays inside
	}
	if a := q.Answer; a != nil {
		out.Answer = &apiAnswer{a.Text, a.By, a.Revision, a.PublishedAt, a.Pictures}
	}
	return out
}

// apiAsked is the body of a question.
type apiAsked struct {
	Text string `json:"text"`
	Name string `json:"name"`
	Key  string `json:"key"`
}

func (s *Server) apiAsk(w http.ResponseWriter, r *http.Request) {
	q, added, err := s.takeAPI(r)
	if err != nil {
		s.Site.Problem(w, r, err)
		return
	}
	status := http.StatusOK
	if added {
		status = http.StatusCreated
	}
	receipt, _ := s.Receipts.Make(q)
	s.Site.JSON(w, status, map[string]any{"number": q.Ref.Number, "url": s.Site.URL(s.receiptPath(q)), "receipt": receipt})
}

// takeAPI stores a question of the API.
func (s *Server) takeAPI(r *http.Request) (q session.Question, added bool, err error) {
	var in apiAsked
	if err := ReadJSON(r, &in); err != nil {
		return q, false, err
	}
	id, err := sessionID(r)
	if err != nil {
		return q, false, err
	}
	if err := s.allowed(s.asking, r, ""); err != nil {
		return q, false, err
	}
	if len(in.Key) > longestKey {
		return q, false, session.Fail(session.Invalid, "key_form", "limit", longestKey).At("key")
	}
	return s.takeOnce(r, id, in)
}

// takeOnce recognises a repeat by its key, and by nothing else; the same key with another text
// is another question, so that nothing is lost and nobody guesses their way to a receipt.
func (s *Server) takeOnce(r *http.Request, id session.ID, in apiAsked) (q session.Question, added bool, err error) {
	if in.Key == "" {
		in.Key = rand.Text()
	}
	asked := askInput{Text: in.Text, Name: in.Name}
	return s.store(r, id, asked, submission(s.Keys[0], id, "api", in.Key, session.CleanText(in.Text)), time.Time{})
}

// longestKey is that of the domain.
const longestKey = 200

// ReadJSON reads one JSON object and refuses a field that it does not know. Errors
// have words: a wrong content type, broken JSON, the name of the field.
func ReadJSON(r *http.Request, into any) error {
	if t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || t != "application/json" {
		return site.ErrMediaType
	}
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil {
		if _, more := d.Token(); more != io.EOF {
			err = errors.New("more than one value")
		}
	}
	return jsonError(err)
}

func jsonError(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return err
	}
	if field, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		field = session.Shorten(strings.Trim(field, `"`), 60)
		return session.Fail(session.Invalid, "field_unknown", "field", field).At(session.Field(field))
	}
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return session.Fail(session.Invalid, "field_type", "field", e.Field).At(session.Field(e.Field))
	}
	return &site.StatusError{Status: http.StatusBadRequest, Err: session.Fail(session.Invalid, "json_form").Because(err)}
}
