package transcript

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"experthour/internal/session"
)

func readCSV(t *testing.T, b []byte, separator rune) [][]string {
	t.Helper()
	rest, ok := bytes.CutPrefix(b, []byte(byteOrderMark))
	if !ok {
		t.Fatal("no byte order mark")
	}
	r := csv.NewReader(bytes.NewReader(rest))
	r.Comma = separator
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestCSVRows(t *testing.T) {
	t.Parallel()
	rows := readCSV(t, full(session.English).CSV(), ',')
	if len(rows) != 19 || !slices.Equal(rows[0], csvColumns) {
		t.Fatalf("%d rows, first %v", len(rows), rows[0])
	}
	row := rows[6]
	if row[0] != "6" || row[1] != "published" || row[8] != "Desmit gadus." || row[9] != "Anna Bērziņa" || row[13] != "yes" {
		t.Errorf("%q", row)
	}
	if row := rows[9]; row[6] != "" || row[3] != "" || row[16] == "" {
		t.Errorf("declined: %q", row)
	}
}

func TestGuard(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"=1+1": "'=1+1", "+371": "'+371", "-1": "'-1", "@x": "'@x", "\tx": "'\tx", "\rx": "'\nx", "＝1": "'＝1",
		"a=1": "a=1", "'=1": "'=1", "": "", "1": "1", "I;=1": "I;'=1", "I,=1": "I,'=1", "I\t=1": "I\t'=1", "I\r\n=1": "I\n'=1",
		"I\n- you": "I\n'- you", `I; "=1"`: `I; "'=1"`, "I;;@x": "I;;'@x", " =1": " '=1", "twenty-one, you": "twenty-one, you",
	} {
		if got := guard(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

func FuzzCSV(f *testing.F) {
	for _, l := range strings.Split(hostile, "\n") {
		f.Add(l, `"`+l)
	}
	f.Add("=a\r\nb", "\n\"\",;\ufeff\x00\xff")
	f.Fuzz(func(t *testing.T, a, b string) {
		for _, wrote := range []rune{',', ';'} {
			file := writeCSV([][]string{{"id", a, b}}, wrote)
			row := readCSV(t, file, wrote)[0]
			for i, want := range []string{"id", a, b} {
				want = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(want)
				if got := row[i]; strings.ReplaceAll(got, "'", "") != strings.ReplaceAll(want, "'", "") {
					t.Errorf("%q became %q", want, got)
				}
			}
			for _, cell := range strings.FieldsFunc(string(file), func(r rune) bool { return strings.ContainsRune(",;\t\r\n", r) }) {
				cell = strings.TrimLeft(cell, "\" \u00a0")
				if cell != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(cell)[0]) {
					t.Errorf("%q is a formula in %q", cell, file)
				}
			}
		}
	})
}
