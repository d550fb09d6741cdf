package bluesky

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

var approved = time.Date(2026, 3, 4, 10, 0, 0, 123456789, time.UTC)

// The fixed key is what other versions of the program find their posts by.
func TestRecordKeyIsTheSameForEveryAttempt(t *testing.T) {
	t.Parallel()
	key := RecordKey("copy:Q17:a4", approved)
	if again := RecordKey("copy:Q17:a4", approved.In(time.FixedZone("", 7200))); again != key {
		t.Errorf("again %s, want %s", again, key)
	}
	for i, r := range key {
		if !slices.Contains([]rune(keyLetters), r) || i == 0 && r > 'j' {
			t.Errorf("%s: %q cannot stand at %d", key, r, i)
		}
	}
	if len(key) != keyLength {
		t.Errorf("%s has %d letters", key, len(key))
	}
}

func TestCopiesOfOneApprovalDoNotMeet(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for i := range 2000 {
		key := RecordKey(fmt.Sprintf("copy:Q1:a1:Q%d", i), approved)
		if seen[key] {
			t.Fatalf("%s twice after %d", key, i)
		}
		seen[key] = true
	}
}

func TestRecordKeysGoByTheSecondOfTheApproval(t *testing.T) {
	t.Parallel()
	for i := range 100 { // one pair may be right by chance
		a, b := RecordKey(fmt.Sprint("a", i), approved), RecordKey(fmt.Sprint("b", i), approved.Add(time.Second))
		if a >= b {
			t.Errorf("%s is not before %s", a, b)
		}
	}
}

func TestPostedAt(t *testing.T) {
	t.Parallel()
	approved := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	if at := postedAt(RecordKey("k", approved)); !at.Truncate(time.Second).Equal(approved) {
		t.Errorf("posted at %s", at)
	}
	for _, none := range []string{"", "self", "3kxyz222222!a"} {
		if at := postedAt(none); !at.IsZero() {
			t.Errorf("%q was posted at %s", none, at)
		}
	}
}

func TestFacets(t *testing.T) {
	t.Parallel()
	const ascii = "https://ask.example/"
	for name, c := range map[string]struct {
		text, own string
		want      []string
	}{
		"bytes, not letters":          {"Ģimenēm 👨‍👩‍👧 " + ascii + "s/x.", ascii, []string{ascii + "s/x"}},
		"a tag in Latvian":            {"Skat. #jautājums, lūdzu", ascii, []string{"#jautājums"}},
		"a stranger's link":           {"see https://evil.example/ and @anna.example #spam", ascii, nil},
		"an address that looks alike": {"https://ask.example.evil/ x" + ascii, ascii, nil},
		"a longer tag":                {"#jautājumsX #", ascii, nil},
		"no address of our own":       {"https://ask.example/", "", nil},
		"broken bytes":                {"\xff\xfe #JAUTĀJUMS", ascii, []string{"#JAUTĀJUMS"}},
	} {
		var got []string
		for _, f := range Facets(c.text, c.own, []string{"jautājums"}) {
			got = append(got, c.text[f.Index.Start:f.Index.End])
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func FuzzFacets(f *testing.F) {
	f.Add("a #jautājums https://ask.example/x")
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, m := range Facets(text, "https://ask.example/", []string{"jautājums"}) {
			if m.Index.Start < end || m.Index.End <= m.Index.Start || m.Index.End > len(text) {
				t.Fatalf("%q: %+v", text, m)
			}
			end = m.Index.End
		}
	})
}
