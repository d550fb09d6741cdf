package receive

import "testing"

func TestTagged(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"#Jautā, kad?": true, "Kad? (#JAUTĀ)": true, "jautā": false, "#jautājums": false, "a#jautā": false,
		"": false, "#": false} {
		if got := Tagged(text, "jautā"); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	if Tagged("# nothing", "") {
		t.Error("no tag is in a text")
	}
}
