package connector_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// board is a platform on which one can post and take back, and nothing else.
type board struct{ posts map[session.MessageID]string }

// Each ability is claimed in the file that has it.
var (
	_ connector.Connector = board{}
	_ connector.Replier   = board{}
	_ connector.Retractor = board{}
)

func (board) ID() session.ConnectorID { return "board" }
func (board) Limits() connector.Limits {
	return connector.Limits{Longest: connector.AtMost(20, session.Characters)}
}
func (board) Run(context.Context) error { return nil } // nothing comes in

func (b board) Reply(_ context.Context, p connector.Post) (connector.Sent, error) {
	if !b.Limits().Longest.Fits(p.Text) {
		return connector.Sent{}, &connector.SendError{Outcome: connector.Refused, Detail: "too long"}
	}
	at := session.MessageID(p.Key)
	b.posts[at] = p.Text
	return connector.Sent{Message: at}, nil
}

func (b board) Retract(_ context.Context, at session.MessageID, _ connector.Post) error {
	delete(b.posts, at)
	return nil
}

// What a connector can do is what its methods say; nobody declares it anywhere else.
func ExampleCapabilities() {
	b := board{posts: map[session.MessageID]string{}}
	fmt.Println(connector.Capabilities(b))
	_, editable := connector.As[connector.Editor](b)
	fmt.Println("can be edited:", editable)
	// Output:
	// [reply retract]
	// can be edited: false
}

// A failed send says what is known. What says nothing counts as unsure, and is never
// repeated blindly.
func ExampleOutcomeOf() {
	_, err := board{}.Reply(context.Background(), connector.Post{Text: "An answer that is much too long"})
	refused := connector.OutcomeOf(err)
	fmt.Println(refused.Outcome == connector.Refused, refused.Detail)

	later := connector.OutcomeOf(&connector.SendError{Outcome: connector.Deferred, Wait: time.Minute})
	fmt.Println(later.Outcome == connector.Deferred, later.Wait)

	fmt.Println(connector.OutcomeOf(errors.New("the connection was lost")).Outcome == connector.Unsure)
	// Output:
	// true too long
	// true 1m0s
	// true
}
