package chaos

import (
	"path"
	"path/filepath"
	"slices"
)

// Fault is a mistake that somebody could make, planted to see that a run finds it.
type Fault struct {
	Name  string
	About string
	edits []edit
}

// polls is the file of what asks the platform, instead of being called by it.
const polls = "internal/connector/telegram/polling.go"

// Polls reports whether only a run can find it in which the platform is asked.
func (f Fault) Polls() bool {
	return slices.ContainsFunc(f.edits, func(e edit) bool { return e.file == polls })
}

// Faults are all of them. They stand here and in no build that anybody gets: a fault behind
// a build tag would be a line of the product.
var Faults = []Fault{
	{"acknowledge before storing", "the webhook says 200 and stores afterwards", []edit{
		{"internal/connector/telegram/webhook.go", "\tif _, err := h.store(ctx, put, body); err != nil {",
			"\tif planted(\"acknowledge before storing\") {\n" +
				"\t\tgo func() {\n\t\t\t<-time.After(time.Second / 2)\n\t\t\t_, _ = h.store(context.WithoutCancel(r.Context()), put, body)\n\t\t}()\n" +
				"\t} else if _, err := h.store(ctx, put, body); err != nil {"},
	}},
	{"persisted offset", "a poller stores how far it read before what it read is stored, and goes on there", []edit{
		{polls, "\tp.offset = 0\n",
			"\tp.offset = 0\n\tif kept, ok, _ := p.opts.Memory.Recall(ctx, \"planted\"); ok && planted(\"persisted offset\") {\n" +
				"\t\t_ = json.Unmarshal(kept, &p.offset)\n\t}\n"},
		{polls, "\tnext, err := p.store(ctx, put, batch...)",
			"\tif n := len(batch); n > 0 && planted(\"persisted offset\") {\n" +
				"\t\tvar last struct{ ID int64 `json:\"update_id\"` }\n\t\t_ = json.Unmarshal(batch[n-1], &last)\n" +
				"\t\tkept, _ := json.Marshal(last.ID + 1)\n\t\t_ = p.opts.Memory.Keep(ctx, \"planted\", kept, time.Hour)\n" +
				"\t\t<-time.After(time.Second / 2)\n\t}\n\tnext, err := p.store(ctx, put, batch...)"},
	}},
	{"no intent", "whoever leases next knows nothing of a former attempt", []edit{
		{"internal/redisstore/outbox.go", `Open: word(v[3]) == "1",`, `Open: word(v[3]) == "1" && !planted("no intent"),`},
	}},
	{"retry on unsure", "an unknown outcome is a failure, so it is sent again", []edit{
		{"internal/delivery/outcome.go", "\treturn o\n}\n\n// lookOutcome",
			"\tif planted(\"retry on unsure\") {\n\t\to = o.harmless()\n\t}\n\treturn o\n}\n\n// lookOutcome"},
	}},
	{"no version check", "a commit does not look whether the question has changed", []edit{
		{"internal/redisstore/store.go", "\treturn string(text)\n}\n\n// block",
			"\treturn withPlanted(string(text))\n}\n\n// block"},
	}},
	{"lease without fence", "a lease keeps nobody out, and whoever had one may still record", nil},
	{"approval without digest", "an approval is of whatever the answer reads by then", []edit{
		{"internal/session/commands_answer.go", "\tif c.Revision != rev.Number {",
			"\tif c.Revision != rev.Number && !planted(\"approval without digest\") {"},
		{"internal/session/commands_answer.go", "\tif digest != c.Digest {",
			"\tif digest != c.Digest && !planted(\"approval without digest\") {"},
	}},
	{"budget ignored", "nobody waits for the platform's limits", []edit{
		{"internal/delivery/budget.go", "\twait, err := w.Outbox.Token(ctx, c, of...)",
			"\tif planted(\"budget ignored\") {\n\t\treturn 0, nil\n\t}\n\twait, err := w.Outbox.Token(ctx, c, of...)"},
		{"internal/connector/telegram/pace.go", "\tif every <= 0 ||", "\tif planted(\"budget ignored\") || every <= 0 ||"},
	}},
	{"an empty answer is a success", "a connection that ends without an answer counts as sent", []edit{
		{"internal/connector/telegram/client.go", "\terr := do(ctx)\n\tif err == nil {\n\t\tt.troubles.Over(",
			"\terr := do(ctx)\n\tif err != nil && planted(\"an empty answer is a success\") &&\n" +
				"\t\tconnector.OutcomeOf(t.classify(method, at, err)).Outcome == connector.Unsure {\n\t\terr = nil\n\t}\n" +
				"\tif err == nil {\n\t\tt.troubles.Over("},
	}},
}

// switches are files beside the edited ones, by which the environment chooses a fault.
func switches(root string) map[string]string {
	const planted = "\nfunc planted(name string) bool { return os.Getenv(\"CHAOS_FAULT\") == name }\n"
	files := map[string]string{}
	for _, room := range []string{"internal/connector/telegram", "internal/delivery", "internal/session"} {
		files[filepath.Join(root, room, "zz_planted.go")] = "package " + path.Base(room) + "\n\nimport \"os\"\n" + planted
	}
	files[filepath.Join(root, "internal/redisstore/zz_planted.go")] = "package redisstore\n\nimport (\n\t\"os\"\n\t\"strings\"\n)\n" +
		planted + scripts
	return files
}

// scripts plants the faults of scripts.
const scripts = `
var plantedLines = map[string][]string{
	"no version check":    {"if conflict then return 'conflict' end", ""},
	"lease without fence": {"if held(l, now) then", "if false then", "return l[5] == fence and l[2] == member", "return true"},
}

func withPlanted(text string) string {
	return strings.NewReplacer(plantedLines[os.Getenv("CHAOS_FAULT")]...).Replace(text)
}
`
