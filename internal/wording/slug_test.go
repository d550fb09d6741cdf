package wording

import "testing"

func TestSlug(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Anna Bērziņa": "anna-berzina", "Jānis  Kalniņš-Ķēniņš": "janis-kalnins-kenins", "Łukasz Ørsted": "lukasz-orsted",
		"Ольга Щукина": "olga-schukina", "山田": "person", "": "person", "../x": "x", "O’Neil 2": "o-neil-2",
	} {
		if got := Slug(name, "person"); got != want {
			t.Errorf("Slug(%q) = %q, want %q", name, got, want)
		}
	}
}
