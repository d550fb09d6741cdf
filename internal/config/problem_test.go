package config

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// problemsOf gives every problem of a text as "line key: text".
func problemsOf(t *testing.T, text string) []string {
	t.Helper()
	c, err := parse(text)
	problems, ok := errors.AsType[Problems](err)
	if err != nil && !ok {
		t.Fatalf("%T is not Problems", err)
	}
	if err != nil && c.People != nil {
		t.Error("a refused file gave a Config")
	}
	var got []string
	for _, p := range problems {
		got = append(got, fmt.Sprintf("%d %s: %s", p.Line, p.Key, p.Text))
	}
	return got
}

// expect compares problems with the beginnings of what they should say; a "…" in
// between stands for anything.
func expect(t *testing.T, got, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("got %d problems, want %d:\n%s", len(got), len(want), strings.Join(got, "\n"))
	}
	for i := range want {
		start, inside, _ := strings.Cut(want[i], "…")
		if !strings.HasPrefix(got[i], start) || !strings.Contains(got[i][len(start):], inside) {
			t.Errorf("got  %s\nwant %s", got[i], want[i])
		}
	}
}

type problemTest struct {
	name, text string
	want       []string
}

func runProblemTests(t *testing.T, tests []problemTest) {
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			expect(t, problemsOf(t, complete(tt.text)), tt.want)
		})
	}
}

func TestSyntaxErrors(t *testing.T) {
	runProblemTests(t, []problemTest{
		{"curly quotes", "[http]\nlisten = “x”", []string{`2 : unexpected character…write texts in straight quotes`}},
		{"no quotes", "[http]\n\nsecret = s3cr3t", []string{`3 : unexpected character…straight quotes`}},
		{"colon", "[http]\nlisten: 1", []string{`2 : expected '=' after key; write key = "value"`}},
		{"open bracket", "[http\nlisten = 1", []string{`1 : …close the bracket`}},
		{"open quotes", "[http]\nlisten = \"x\n", []string{`2 : …close the quotes`}},
		{"end of file", "redis.url = 'people", []string{`1 : unterminated…close the quotes`}},
		{"key twice", "[http]\nlisten = \"a:1\"\nlisten = \"b:1\"", []string{`3 : key listen is already defined; keep only one`}},
		{"section twice", "[http]\n[desk]\n[http]", []string{`3 : table http already exists; write every [section] once`}},
		{"other", "[http]\n= 3", []string{`2 : invalid character at start of key…; correct this line`}},
		{"number beyond all bounds", "[http]\nsecret = 1e98765", []string{`2 : unable to parse float; correct this line`}},
	})
}

func TestUnknownKeysNameTheNearest(t *testing.T) {
	runProblemTests(t, []problemTest{
		{"near", "[http]\nlisen = 1", []string{`2 http.lisen: unknown key; did you mean "listen"?`}},
		{"capitals", "[pigeon]\nToken = 1", []string{`2 pigeon.Token: unknown key; did you mean "token"?`}},
		{"far", "[redis]\nurl = \"embedded\"\nx = 1", []string{`3 redis.x: unknown key; known here: url, dir, wait_replicas, durability`}},
		{"section", "[htp]\nlisten = 1", []string{`1 htp: unknown key; did you mean "http"?`}},
		{"section of a kind", "[pigeons]\nloft = 1", []string{`1 pigeons: unknown key; did you mean "pigeon"?`}},
		{"key of a kind", "[pigeon]\nlift = 1", []string{`2 pigeon.lift: unknown key; did you mean "loft"?`}},
		{"key of a place", "[pigeon]\ntoken = \"x\"\n[[public]]\nkind = \"pigeon\"\nrng = 1",
			[]string{`5 public[1].rng: unknown key; did you mean "ring"?`}},
		{"key of another kind", "[[public]]\nkind = \"wall\"\ncolours = 1",
			[]string{`3 public[1].colours: unknown key; known here: kind, id, name, groups, profile, every_answer, tell_declined`}},
		{"of an unknown kind", "[[public]]\nkind = \"wal\"\nring = 1\nid = \"A b\"\nname = 5",
			[]string{`2 public[1].kind: "wal" is not known; did you mean "wall"?`}},
		{"account", "[[people]]\nname = \"Anna\"\nrole = \"moderator\"\npigeom = 1",
			[]string{`4 people[1].pigeom: unknown key; did you mean "pigeon"?`}},
		{"account of no desk", "[[people]]\nname = \"Anna\"\nrole = \"moderator\"\nwall = 1", []string{`4 people[1].wall: unknown key`}},
		{"subsection", "[http]\n[http.tls]\ncert = 1", []string{`2 http.tls: unknown key`}},
		{"in a list", "[[public]]\nkind = \"wall\"\n[[public]]\nkind = \"wall\"\nid = \"b\"\nnam = 1",
			[]string{`6 public[2].nam: unknown key; did you mean "name"?`}},
		{"inline", "public = [\n {kind = \"wall\"},\n {kind = \"wall\", id = \"b\", idd = 1}]",
			[]string{`3 public[2].idd: unknown key; did you mean "id"?`}},
		{"odd name", "[http]\n\"a\\nb\" = 1", []string{`2 http."a\nb": unknown key`}},
	})
}

func TestShapes(t *testing.T) {
	runProblemTests(t, []problemTest{
		{"text", "[http]\nlisten = 8080", []string{`2 http.listen: write a text in quotes`}},
		{"secret", "[http]\nsecret = 8080", []string{`2 http.secret: write a text in quotes`}},
		{"date", "http = 2024-01-01", []string{`1 http: write [http] in single brackets, once`}},
		{"number", "[limits]\nquestion_length = \"9\"", []string{`2 limits.question_length: write a whole number`}},
		{"fraction", "[limits]\nquestion_length = 9.5", []string{`2 limits.question_length: write a whole number`}},
		{"yes", "[[public]]\nkind = \"wall\"\nevery_answer = \"yes\"", []string{`3 public[1].every_answer: write true or false`}},
		{"yes for a text", "[desk]\nkind = true", []string{`2 desk.kind: write a text`}},
		{"list", "[institution]\nhashtags = \"a\"", []string{`2 institution.hashtags: write a list`}},
		{"list of networks", "[http]\ntrusted_proxies = \"::1\"", []string{`2 http.trusted_proxies: write a list`}},
		{"list for a text", "[desk]\nkind = [\"web\"]", []string{`2 desk.kind: write a text`}},
		{"table for a text", "[desk.kind]\nx = 1", []string{`1 desk.kind: write a text`}},
		{"single brackets", "[public]\nkind = \"wall\"", []string{`1 public: write [[public]] in double brackets`}},
		{"double brackets", "[[http]]\nlisten = \":1\"", []string{`1 http: write [http] in single brackets`}},
		{"entry", "public = [\n\"sandbox\"]", []string{`2 public[1]: write [[public]] in double brackets`, `2 public[1].kind: is missing`}},
		{"list in a list", "[institution]\nhashtags = [\n\"a\",\n[\"b\"]]", []string{`2 institution.hashtags[2]: write a text`}},
		{"duration", "[desk]\nsettle = \"20\"", []string{`2 desk.settle: "20" is not a time span; write one such as "20s"`}},
		{"env for no secret", "[pigeon]\nspeed = \"env:SECRET\"", []string{`2 pigeon.speed: only secrets can be taken from the environment`}},
	})
}

func TestSecretsThatAreNotThere(t *testing.T) {
	runProblemTests(t, []problemTest{
		{"env", "[http]\nsecret = \"env:NONE\"\n[redis]\nurl = \"managed\"",
			[]string{`2 http.secret: the environment variable "NONE" is not set`}},
		{"empty env", "[http]\nsecret = \"env:EMPTY\"", []string{`2 http.secret: the environment variable "EMPTY" is empty`}},
		{"file", "[http]\nsecret = \"file:/none\"", []string{`2 http.secret: cannot read the secret: open /none: file does not exist; check`}},
		{"empty file", "[http]\nsecret = \"file:/run/empty\"", []string{`2 http.secret: the file "/run/empty" is empty`}},
	})
}

func TestAllProblemsAtOnceInTheOrderOfTheFile(t *testing.T) {
	_, err := parse("[http]\nlisten = 1\nlisen = 2\n[redis]\nurl = \"x\"\n")
	want := `c.toml: people: nobody is a moderator; add [[people]] with a name and role = "moderator"
c.toml:1: http.secret: needs at least 32 characters, because links are signed with it; ` +
		`make one with: (umask 077; openssl rand -hex 32 > secret)
c.toml:2: http.listen: write a text in quotes: "…"
c.toml:3: http.lisen: unknown key; did you mean "listen"?
c.toml:5: redis.url: write "embedded", "managed" or an address such as "redis://host:6379" or "unix:///path"; ` +
		`more hosts are separated by commas`
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

func TestSyntaxErrorsHaveNoKey(t *testing.T) {
	_, err := parse("=")
	if err == nil || !strings.HasPrefix(err.Error(), "c.toml:1: invalid") {
		t.Errorf("got %v", err)
	}
}

func TestLinesOfDottedAndNestedKeys(t *testing.T) {
	l := linesOf([]byte("a.b = 1\n[[t]]\n[[t.u]]\nx = 1\n[t.v]\ny = [[\n1],\n2]\n[[t]]\n[[t.u]]\n[[t.u]]\nz = [{\n k = 1 }]\n"))
	for key, want := range map[string]int{
		"a.b": 1, "t": 2, "t[1].u[1].x": 4, "t[1].v": 5, "t[1].v.y[1]": 6, "t[1].v.y[1][1]": 7, "t[1].v.y[2]": 8,
		"t[2].u[1]": 10, "t[2].u[2]": 11, "t[2].missing": 9, "missing.too": 0,
	} {
		if got := l.of(key); got != want {
			t.Errorf("%s: line %d, want %d in %v", key, got, want, l)
		}
	}
	if got := l.of("t[2].u[2].z[1].k"); got != 13 {
		t.Errorf("inline table: line %d, want 13", got)
	}
}
