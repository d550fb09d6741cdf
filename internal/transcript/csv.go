package transcript

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"
	"time"
)

// csvColumns are the first row. Their names and order stay; new ones are added at
// the end.
var csvColumns = []string{"number", "outcome", "asked_at", "asked_by", "place", "language", "question", "votes",
	"answer", "answered_by", "office", "revision", "published_at", "corrected", "self_approved",
	"merged_into", "reason", "redirected_elsewhere", "redirected_by_email", "answered_in", "url"}

// byteOrderMark makes Excel read the file as UTF-8.
const byteOrderMark = "\ufeff"

// CSV is one row for each question (RFC 4180, UTF-8, times in UTC). A cell that a
// spreadsheet would take for a formula begins with an apostrophe.
func (d Document) CSV() []byte {
	rows := [][]string{csvColumns}
	for _, q := range d.Questions {
		rows = append(rows, q.row())
	}
	return writeCSV(rows)
}

func writeCSV(rows [][]string) []byte {
	var b bytes.Buffer
	b.WriteString(byteOrderMark)
	w := csv.NewWriter(&b)
	w.UseCRLF = true
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

// guard keeps spreadsheets from running a cell as a formula. The wide forms of the
// signs count too: Excel reads them like the others.
func guard(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(cell)[0]) {
		cell = "'" + cell
	}
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(cell)
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
