package slackfake

import "fmt"

// failure is Slack's way to say no: HTTP 200 with "ok": false.
type failure struct {
	code             string
	needed, provided string
	messages         []string
}

func (f *failure) Error() string { return f.code }

func refuse(code string) error { return &failure{code: code} }

func badArgument(what, key string) error {
	return &failure{code: "invalid_arguments", messages: []string{fmt.Sprintf("[ERROR] %s [json-pointer:/%s]", what, key)}}
}

func (f *failure) body() obj {
	out := obj{"ok": false, "error": f.code}
	if f.needed != "" {
		out["needed"], out["provided"] = f.needed, f.provided
	}
	if len(f.messages) > 0 {
		out["response_metadata"] = obj{"messages": anyList(f.messages)}
		out["errors"] = anyList(f.messages)
	}
	return out
}
