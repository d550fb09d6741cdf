package transcript

import (
	"bytes"
	"encoding/csv"
	"regexp"
	"strconv"
	"strings"
	"time"

	"experthour/internal/session"
)

// csvColumns are the first row. Their names and order stay; new ones are added at
// the end.
var csvColumns = []string{"number", "outcome", "asked_at", "asked_by", "place", "language", "question", "votes",
	"answer", "answered_by", "office", "revision", "published_at", "corrected", "self_approved",
	"merged_into", "reason", "redirected_elsewhere", "redirected_by_email", "answered_in", "url"}

// byteOrderMark makes Excel read the file as UTF-8.
const byteOrderMark = "\ufeff"

// CSV is one row for each question (RFC 4180, UTF-8, times in UTC). Where a spreadsheet
// would take something for a formula, an apostrophe stands before it. Cells are separated
// as a spreadsheet in the language of the session expects it: by ";" in Latvian.
func (d Document) CSV() []byte {
	rows := [][]string{csvColumns}
	for _, q := range d.Questions {
		rows = append(rows, q.row())
	}
	return writeCSV(rows, separators[d.Language])
}

// separators are those of languages in which the comma is for decimals.
var separators = map[session.Language]rune{session.Latvian: ';'}

func writeCSV(rows [][]string, separator rune) []byte {
	var b bytes.Buffer
	b.WriteString(byteOrderMark)
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	if separator != 0 {
		w.Comma = separator
	}
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, c := range row {
			cells[i] = guard(c)
		}
		_ = w.Write(cells) // a bytes.Buffer takes everything
	}
	w.Flush()
	return b.Bytes()
}

// formula is where a cell would begin with one. Whoever opens the file may let it be split at
// another separator or at line breaks, so cells begin behind each of these. The wide forms of
// the signs count too: Excel reads them like the others.
var formula = regexp.MustCompile(`(^|[,;\t\n])([ \x{a0}"]*)([=+\-@＝＋－＠])`)

// guard keeps spreadsheets from running a cell, or a part of it, as a formula.
func guard(cell string) string {
	cell = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(cell)
	cell = formula.ReplaceAllString(cell, "$1$2'$3")
	if strings.HasPrefix(cell, "\t") || strings.HasPrefix(cell, "\n") {
		return "'" + cell
	}
	return cell
}

func (q Question) row() []string {
	var asked Asked
	var answer Answer
	var redirect Redirect
	if q.Asked != nil {
		asked = *q.Asked
	}
	if q.Answer != nil {
		answer = *q.Answer
	}
	if q.Redirect != nil {
		redirect = *q.Redirect
	}
	return []string{strconv.Itoa(q.Number), string(q.Outcome), moment(asked.At), asked.By, asked.Place,
		string(asked.Language), asked.Text, number(q.Votes), answer.Text, answer.By, answer.Office, number(answer.Revision),
		moment(answer.PublishedAt), yes(answer.Corrected), yes(answer.SelfApproved), number(q.Into), q.Reason,
		yes(redirect.Elsewhere), yes(redirect.Email), number(redirect.Answered), q.URL}
}

// number leaves 0 empty: in these columns it means "none".
func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return iso(t)
}
