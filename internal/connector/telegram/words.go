package telegram

import "fmt"

// Words are the few texts that the adapter itself must show. What is left out is
// English.
type Words struct {
	TryAgain   string // nothing was stored: please try again
	PressAgain string // follows the question that a button asks: press again to confirm
	Sure       string // that question, where it is not known any more
	Over       string // the form whose button was pressed is not open any more
	Forgotten  string // the rest of a card's buttons is not known any more
	// OpenBot asks somebody to open the bot at an address and press Start.
	OpenBot func(address string) string
	Idle    string // somebody writes in private, and nothing waits for it
	Done    string // a form has ended
	Open    string // label of a link that has none

	// Batch is the heading of a list of that many new questions.
	Batch func(count int) string

	More, Back string // labels of the buttons to and from the rest of the buttons

	// In forms.
	Cancel, Close   string
	Empty           string // label: leave the field empty
	Ready           string // label: these are chosen
	Write           string // write the text as a message
	WriteWord       string // write it as a message, in one line
	Choose          string
	ChooseAny       string
	Search          string // choose one, or write what to look for
	WriteDate       string
	WriteClock      string
	Missing         string // this must be filled in
	NotOffered      string // choose one of these
	NoDate, NoClock string // what was written is none
	TooLong         func(most int) string
	NothingFound    string
}

func (w Words) filled() Words {
	for _, f := range []struct {
		word *string
		text string
	}{
		{&w.TryAgain, "That did not work just now, and nothing was changed. Please try again."},
		{&w.PressAgain, "Press once more to confirm."}, {&w.Sure, "Really?"},
		{&w.Over, "This is not open any more."}, {&w.Forgotten, "These buttons are too old. They are back as soon as the card changes."},
		{&w.Idle, "Nothing waits for a message now. /home shows what does."}, {&w.Done, "Done."}, {&w.Open, "Open"},
		{&w.More, "⋯"}, {&w.Back, "‹"}, {&w.Cancel, "Cancel"}, {&w.Close, "Close"}, {&w.Empty, "Leave empty"}, {&w.Ready, "Ready"},
		{&w.Write, "Write the text as a message here."}, {&w.WriteWord, "Write it as a message here, in one line."},
		{&w.Choose, "Choose one."}, {&w.ChooseAny, "Choose any number."}, {&w.Search, "Choose one, or write what to look for."},
		{&w.WriteDate, "Choose the day, or write it like 2026-12-31."}, {&w.WriteClock, "Choose the time, or write it like 14:30."},
		{&w.Missing, "This must be filled in."}, {&w.NotOffered, "Please choose one of these."},
		{&w.NoDate, "That is no day. Write it like 2026-12-31."}, {&w.NoClock, "That is no time. Write it like 14:30."},
		{&w.NothingFound, "Nothing was found."},
	} {
		if *f.word == "" {
			*f.word = f.text
		}
	}
	if w.OpenBot == nil {
		w.OpenBot = func(address string) string {
			return fmt.Sprintf("This goes on in private. Open %s and press Start.", address)
		}
	}
	if w.Batch == nil {
		w.Batch = func(count int) string { return fmt.Sprintf("New questions: %d", count) }
	}
	if w.TooLong == nil {
		w.TooLong = func(most int) string { return fmt.Sprintf("That is too long: at most %d characters.", most) }
	}
	return w
}
