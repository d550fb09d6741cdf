package setting

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
)

// dumps prints and encodes a value in every way that might end up in a log.
func dumps(t *testing.T, v any) []string {
	t.Helper()
	var all []string
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%t"} {
		all = append(all, fmt.Sprintf(verb, v))
	}
	var text, structured bytes.Buffer
	slog.New(slog.NewTextHandler(&text, nil)).Info("m", "v", v)
	slog.New(slog.NewJSONHandler(&structured, nil)).Info("m", "v", v)
	encoded, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return append(all, text.String(), structured.String(), string(encoded))
}

func TestSecretsHideInEveryDump(t *testing.T) {
	s := NewSecret("s3cr3t-a")
	tree, err := toml.Marshal(struct{ S Secret }{s})
	if err != nil {
		t.Fatal(err)
	}
	all := append(dumps(t, s), dumps(t, &s)...)
	all = append(all, dumps(t, struct{ S Secret }{s})...)
	all = append(all, string(tree), s.String(), s.GoString(), s.LogValue().String())
	for i, dump := range all {
		if strings.Contains(dump, "s3cr3t") || strings.Contains(dump, fmt.Sprintf("%x", "s3cr3t")) {
			t.Errorf("dump %d shows the secret: %s", i, dump)
		}
		if !strings.Contains(dump, "[redacted]") {
			t.Errorf("dump %d does not say that there is something: %s", i, dump)
		}
	}
}

func TestSecretTellsWhetherItIsSet(t *testing.T) {
	if got := fmt.Sprint(Secret{}); got != "" {
		t.Errorf("empty secret prints %q", got)
	}
	if got := NewSecret("x").Reveal(); got != "x" {
		t.Errorf("reveals %q", got)
	}
}
