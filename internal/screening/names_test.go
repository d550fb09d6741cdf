package screening_test

import (
	"testing"

	"experthour/internal/screening"
)

var officials = screening.Officials{Institution: "Valsts ieņēmumu dienests", People: []string{"Ilze Bērziņa", "Anna"}}

// TestPose: what looks like a member of staff or the institution is found however it is
// written, and people who share a part of a name are left alone.
func TestPose(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"Ilze Bērziņa":                  true,
		"ILZE BERZINA":                  true,
		"ilze  bērziņa":                 true,
		"I l z e Bērziņa":               true,
		"IlzeBērziņa":                   true,
		"Bērziņa, Ilze":                 true,
		"Ilze Bērziņa (moderatore)":     true,
		"IlzeBērziņa_VID":               true,
		"llze Bērziņa":                  true, // a small l
		"1lze Bērziņa":                  true,
		"|lze Bērziņa":                  true,
		"Іlzе Веrzіņа":                  true, // Cyrillic
		"Ilze Be\u0304rzin\u0327a":      true, // marks of their own
		"Il\u200bze Bēr\u00adziņa":      true,
		"Il\u3164ze Bērziņa":            true, // an invisible letter
		"Il\U000e0101ze Bērziņa":        true,
		"Ilze\u2060 Bērziņa\u200d":      true,
		"Ｉｌｚｅ Ｂｅｒｚｉｎａ":                  true,
		"𝐈𝐥𝐳𝐞 𝐁𝐞𝐫𝐳𝐢𝐧𝐚":                  true,
		"✓ Ilze Bērziņa ✓":              true,
		"Valsts ieņēmumu dienests":      true,
		"VALSTS-IENEMUMU-DIENESTS":      true,
		"Valsts ieņēmumu dienests (LV)": true,
		"anna":                          true,
		"Аnnа":                          true, // Cyrillic
		"Anna Kalna":                    false,
		"Ilze":                          false,
		"Ilze Bērziņš":                  false,
		"Ilze Kalniņa":                  false,
		"Valsts":                        false,
		"Annija":                        false,
		"":                              false,
		"🙂":                             false,
		"\u200b":                        false,
	} {
		if got := officials.Pose(name); got != want {
			t.Errorf("%q: %t, want %t", name, got, want)
		}
	}
	vid := screening.Officials{Institution: "VID"}
	if !vid.Pose("VID atbalsts") || vid.Pose("Davids") {
		t.Error("an institution with a name of one word")
	}
	if (screening.Officials{}).Pose("Ilze") || (screening.Officials{People: []string{"🙂"}}).Pose("🙂") {
		t.Error("a name without letters is nobody's")
	}
}

// FuzzPose: a name of two words poses as itself whatever is in it, and the time is bounded.
func FuzzPose(f *testing.F) {
	for _, s := range []string{"Ilze Bērziņa", "Іlzе \u200b", "\xff", "🙂 a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if officials.Pose(name) && !(screening.Officials{People: []string{name, officials.Institution, "Ilze Bērziņa", "Anna"}}).Pose(name) {
			t.Errorf("%q poses for others and not for itself", name)
		}
	})
}
