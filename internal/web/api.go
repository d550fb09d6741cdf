package web

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
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
}

type apiHourWithQuestions struct {
	apiHour
	Questions []apiQuestion `json:"questions"`
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
}

func (s *Server) hour(ses session.Session) apiHour {
	return apiHour{ses.ID, ses.Title, ses.State, ses.Start.UTC(), ses.End.UTC(), s.Site.URL(path(ses.ID))}
}

func (s *Server) apiSessions(w http.ResponseWriter, r *http.Request) {
	all, err := s.Store.Sessions(r.Context())
	if err != nil {
		s.Site.Problem(w, r, err)
		return
	}
	hours := []apiHour{}
	for _, ses := range all {
		if ses.State != session.Draft {
			hours = append(hours, s.hour(ses))
		}
	}
	s.Site.JSON(w, http.StatusOK, map[string]any{"sessions": hours})
}

func (s *Server) apiSession(w http.ResponseWriter, r *http.Request) {
	ses, err := s.session(r)
	var doc transcript.Document
	if err == nil {
		doc, err = s.read(r, ses)
	}
	if err != nil {
		s.Site.Problem(w, r, err)
		return
	}
	out := apiHourWithQuestions{s.hour(ses), []apiQuestion{}}
	for _, q := range doc.Questions {
		if q.Asked != nil { // tombstones have no text and no answer
			out.Questions = append(out.Questions, apiQuestionOf(q))
		}
	}
	s.Site.JSON(w, http.StatusOK, out)
}

func apiQuestionOf(q transcript.Question) apiQuestion {
	out := apiQuestion{Number: q.Number, Text: q.Asked.Text, Votes: q.Votes, State: string(q.Outcome)}
	if q.Outcome == session.Queued {
		out.State = "accepted" // who holds it and how far it is stays inside
	}
	if a := q.Answer; a != nil {
		out.Answer = &apiAnswer{a.Text, a.By, a.Revision, a.PublishedAt}
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
	receipt := s.receipts.Make(q.Ref)
	s.Site.JSON(w, status, map[string]any{"number": q.Ref.Number, "url": s.Site.URL("/r/" + receipt), "receipt": receipt})
}

// takeAPI stores a question of the API. A key is its sender's own: the same key from
// another address is another question, or anybody could guess their way to a receipt.
func (s *Server) takeAPI(r *http.Request) (q session.Question, added bool, err error) {
	var in apiAsked
	if err := ReadJSON(r, &in); err != nil {
		return q, false, err
	}
	id, err := sessionID(r)
	if err != nil {
		return q, false, err
	}
	if err := s.allowed(s.asking, r); err != nil {
		return q, false, err
	}
	if len(in.Key) > longestKey {
		return q, false, session.Fail(session.Invalid, "key_form", "limit", longestKey).At("key")
	}
	return s.takeOnce(r, id, in)
}

// takeOnce recognises a question by its key or, without one, by its sender and text.
func (s *Server) takeOnce(r *http.Request, id session.ID, in apiAsked) (q session.Question, added bool, err error) {
	asked := askInput{Text: in.Text, Name: in.Name}
	if in.Key != "" {
		// By contract the key alone names the question: a repeat is the same one, whatever it says.
		return s.store(r.Context(), id, asked, s.key(id, "api", s.Site.ClientAddr(r).String(), in.Key))
	}
	q, added, err = s.store(r.Context(), id, asked, s.senderKey(r, id, in.Text))
	if err == nil && !added && !secret(q) {
		q, err = s.again(r, id, asked)
		added = true
	}
	return q, added, err
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
