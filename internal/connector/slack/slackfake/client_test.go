package slackfake_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"experthour/internal/connector/slack/slackfake"
	"experthour/internal/testenv"
)

// program is a small app on the real client library: what it can do against the fake is what keeps the fake honest.
type program struct {
	t      *testing.T
	api    *slack.Client
	socket *socketmode.Client
	events chan socketmode.Event
}

func within(t *testing.T) context.Context {
	return testenv.Soon(t)
}

func startProgram(t *testing.T, w *slackfake.Workspace) *program {
	t.Helper()
	api := slack.New("xoxb-fake-bot", slack.OptionAppLevelToken("xapp-fake-app"), slack.OptionAPIURL(w.URL()))
	p := &program{t: t, api: api, socket: socketmode.New(api), events: make(chan socketmode.Event, 100)}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); _ = p.socket.RunContext(ctx) }()
	go p.sort(ctx)
	t.Cleanup(func() { cancel(); <-done })
	if err := w.Await(within(t), func() bool { return w.Sockets() > 0 }); err != nil {
		t.Fatal(err)
	}
	return p
}

// sort passes on what Slack sent and leaves out what the client says of itself.
func (p *program) sort(ctx context.Context) {
	for {
		select {
		case e := <-p.socket.Events:
			switch e.Type {
			case socketmode.EventTypeEventsAPI, socketmode.EventTypeSlashCommand, socketmode.EventTypeInteractive,
				socketmode.EventTypeErrorBadMessage:
				p.events <- e
			}
		case <-ctx.Done():
			return
		}
	}
}

func (p *program) next(kind socketmode.EventType) socketmode.Event {
	p.t.Helper()
	select {
	case e := <-p.events:
		if e.Type != kind {
			p.t.Fatalf("got %s, want %s", e.Type, kind)
		}
		return e
	case <-within(p.t).Done():
		p.t.Fatalf("no %s came", kind)
	}
	panic("unreachable")
}

func (p *program) ack(e socketmode.Event, payload ...any) {
	if err := p.socket.Ack(*e.Request, payload...); err != nil {
		p.t.Error(err)
	}
}

// handled runs f while a person's act waits for its acknowledgement.
func handled(f func()) chan struct{} {
	done := make(chan struct{})
	go func() { defer close(done); f() }()
	return done
}

func TestRealClientHearsAndAcknowledges(t *testing.T) {
	t.Parallel()
	w := slackfake.New(t, slackfake.Options{})
	p := startProgram(t, w)
	anna := w.User("U1", "Anna Ozola", "anna@example.org")
	anna.Say(w.Channel("C1"), "a < b & <!channel>")

	e := p.next(socketmode.EventTypeEventsAPI)
	m, ok := e.Data.(slackevents.EventsAPIEvent).InnerEvent.Data.(*slackevents.MessageEvent)
	if !ok || m.Text != "a &lt; b &amp; &lt;!channel&gt;" || m.User != "U1" || m.ClientMsgID == "" {
		t.Fatalf("got %+v", m)
	}
	p.ack(e)
	err := w.Await(within(t), func() bool { return w.Deliveries()[0].Acked })
	if err != nil {
		t.Fatal(err)
	}
}

func TestRealClientPostsAndFindsByMetadata(t *testing.T) {
	t.Parallel()
	w := slackfake.New(t, slackfake.Options{})
	c1 := w.Channel("C1")
	api := slack.New("xoxb-fake-bot", slack.OptionAPIURL(w.URL()))
	meta := slack.SlackMetadata{EventType: "key", EventPayload: map[string]any{"k": "v"}}
	block := slack.NewSectionBlock(slack.NewTextBlockObject("mrkdwn", "*#3* hello", false, false), nil, nil)
	block.BlockID = "key-1"
	_, ts, err := api.PostMessage("C1", slack.MsgOptionText("x", true), slack.MsgOptionBlocks(block), slack.MsgOptionMetadata(meta))
	if err != nil {
		t.Fatal(err)
	}
	history, err := api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: "C1", IncludeAllMetadata: true})
	if err != nil || len(history.Messages) != 1 || history.Messages[0].Metadata.EventPayload["k"] != "v" {
		t.Fatalf("got %+v, %v", history, err)
	}
	if id := history.Messages[0].Blocks.BlockSet[0].ID(); id != "key-1" {
		t.Errorf("block id %q", id)
	}
	if card := c1.Card(3); card == nil || card.TS() != ts || card.Text() != "#3 hello" {
		t.Errorf("card %v\n%s", card, c1.Dump())
	}
}

func TestRealClientAnswersCommandsButtonsAndModals(t *testing.T) {
	t.Parallel()
	w := slackfake.New(t, slackfake.Options{})
	p := startProgram(t, w)
	anna, c1 := w.User("U1", "Anna Ozola", ""), w.Channel("C1")

	done := handled(func() {
		e := p.next(socketmode.EventTypeSlashCommand)
		if cmd := e.Data.(slack.SlashCommand); cmd.Text != "help" || cmd.UserID != "U1" {
			t.Errorf("command %+v", cmd)
		}
		p.ack(e, map[string]any{"text": "Ask me"})
	})
	said, err := anna.Command(c1, "/hour", "help")
	<-done
	if err != nil || said != "Ask me" || w.Private(anna)[0].Text() != "Ask me" {
		t.Fatalf("%q, %v", said, err)
	}

	button := slack.NewButtonBlockElement("go", "v1", slack.NewTextBlockObject("plain_text", "Go", false, false))
	if _, _, err := p.api.PostMessage("C1", slack.MsgOptionBlocks(
		slack.NewSectionBlock(slack.NewTextBlockObject("plain_text", "#7", false, false), nil, nil),
		slack.NewActionBlock("acts", button))); err != nil {
		t.Fatal(err)
	}
	p.ack(p.next(socketmode.EventTypeEventsAPI)) // our own message comes back
	done = handled(func() { p.openModal(p.next(socketmode.EventTypeInteractive)) })
	if err := c1.Card(7).Click(anna, "Go"); err != nil {
		t.Fatal(err)
	}
	<-done

	done = handled(func() {
		e := p.next(socketmode.EventTypeInteractive)
		state := e.Data.(slack.InteractionCallback).View.State.Values
		if state["why"]["text"].Value != "because" {
			t.Errorf("state %+v", state)
		}
		p.ack(e, slack.NewErrorsViewSubmissionResponse(map[string]string{"why": "No"}))
	})
	got, err := w.Modal(anna).Fill("Reason", "because").Submit()
	<-done
	if err != nil || got.Errors["Reason"] != "No" || got.Next != w.Modal(anna) {
		t.Fatalf("%+v, %v", got, err)
	}
}

func (p *program) openModal(e socketmode.Event) {
	callback := e.Data.(slack.InteractionCallback)
	if callback.ActionCallback.BlockActions[0].Value != "v1" || callback.Container.ChannelID != "C1" {
		p.t.Errorf("action %+v", callback.ActionCallback.BlockActions[0])
	}
	text := func(s string) *slack.TextBlockObject { return slack.NewTextBlockObject("plain_text", s, false, false) }
	input := slack.NewInputBlock("why", text("Reason"), nil, slack.NewPlainTextInputBlockElement(nil, "text"))
	_, err := p.api.OpenView(callback.TriggerID, slack.ModalViewRequest{Type: slack.VTModal, Title: text("Why"),
		Submit: text("Send"), Blocks: slack.Blocks{BlockSet: []slack.Block{input}}})
	if err != nil {
		p.t.Error(err)
	}
	p.ack(e)
}

func TestRealClientComesBackAfterDisconnect(t *testing.T) {
	t.Parallel()
	w := slackfake.New(t, slackfake.Options{})
	p := startProgram(t, w)
	w.Disconnect("refresh_requested")
	if err := w.Await(within(t), func() bool { return w.Connected() == 2 }); err != nil {
		t.Fatal(err)
	}
	w.User("U1", "Anna", "").Say(w.Channel("C1"), "hello again")
	p.ack(p.next(socketmode.EventTypeEventsAPI))
}

func TestRealClientCannotDecodeWhatTheTestBreaks(t *testing.T) {
	t.Parallel()
	w := slackfake.New(t, slackfake.Options{})
	p := startProgram(t, w)
	w.Emit(map[string]any{"type": "message", "ts": 12345})
	e := p.next(socketmode.EventTypeErrorBadMessage)
	raw := e.Data.(*socketmode.ErrorBadMessage).Message
	var envelope struct {
		ID string `json:"envelope_id"`
	}
	if err := json.Unmarshal(raw, &envelope); err != nil || envelope.ID == "" {
		t.Fatalf("%s, %v", raw, err)
	}
	if err := p.socket.AckCtx(t.Context(), envelope.ID, nil); err != nil {
		t.Fatal(err)
	}
	if err := w.Await(within(t), func() bool { return w.Deliveries()[0].Acked }); err != nil {
		t.Fatal(err)
	}
}
